//! Walking a tree without recursion: depth is the input's choice, the stack is not.

use ego_tree::NodeRef;
use scraper::Node;

/// A step of a walk.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<'a> {
    /// A node begins. The answer says whether to go into it.
    Enter(NodeRef<'a, Node>),
    /// A node that was gone into ends. The answer does not count.
    Leave(NodeRef<'a, Node>),
}

/// Walks `root` and what is below in document order.
pub(crate) fn walk<'a>(root: NodeRef<'a, Node>, visit: &mut impl FnMut(Step<'a>) -> bool) {
    let mut node = root;
    loop {
        if visit(Step::Enter(node)) {
            if let Some(child) = node.first_child() {
                node = child;
                continue;
            }
            visit(Step::Leave(node));
        }
        loop {
            if node == root {
                return;
            }
            if let Some(sibling) = node.next_sibling() {
                node = sibling;
                break;
            }
            let Some(parent) = node.parent() else { return };
            visit(Step::Leave(parent));
            node = parent;
        }
    }
}
