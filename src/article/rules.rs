//! The config's word on a feed's pages: which element holds the article, and what to leave out.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::{Html, Selector};

use super::outline::Outline;
use crate::config::PageRules;

/// What rules name on one page.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// The elements that hold the article, in document order.
    pub(super) selected: Vec<NodeId>,
    /// Elements to leave out.
    pub(super) dropped: HashSet<NodeId>,
}

/// Checks a CSS selector, for the config. The error says what is wrong, in words.
pub fn check_selector(selector: &str) -> Result<(), String> {
    Selector::parse(selector).map(drop).map_err(|error| error.to_string())
}

/// Applies rules to a page. A rule that matches nothing is a warning, and the general reader does its work.
pub(super) fn apply(html: &Html, rules: &PageRules, warnings: &mut Vec<String>) -> Named {
    let mut named = Named::default();
    for (key, selector) in
        rules.select.iter().map(|rule| ("select", rule)).chain(rules.drop.iter().map(|rule| ("drop", rule)))
    {
        let found: Vec<NodeId> = match Selector::parse(selector) {
            Ok(parsed) => html.select(&parsed).map(|element| element.id()).collect(),
            Err(error) => {
                warnings.push(format!("rule `{key} = {selector}` cannot be read: {error}"));
                continue;
            }
        };
        if found.is_empty() {
            warnings.push(format!("rule `{key} = {selector}` matches nothing"));
        }
        match key {
            "select" => named.selected.extend(found),
            _ => named.dropped.extend(found),
        }
    }
    named
}

/// Which blocks the selected elements hold; `None` where no rule selects.
pub(super) fn blocks(page: &Outline<'_>, selected: &[NodeId]) -> Option<Vec<bool>> {
    let nodes = page.nodes.iter().enumerate().filter(|(_, item)| selected.contains(&item.node.id()));
    let mut inside = vec![false; page.blocks.len()];
    nodes.for_each(|(at, _)| inside[page.blocks_of(at)].fill(true));
    (!selected.is_empty()).then_some(inside)
}

#[cfg(test)]
mod tests {
    use super::check_selector;

    #[test]
    fn selectors_are_checked() {
        assert_eq!(check_selector("article .body > p:not(.x)"), Ok(()));
        assert!(check_selector("article..body").is_err());
        assert!(check_selector("").is_err());
    }
}
