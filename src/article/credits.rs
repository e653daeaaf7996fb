//! Lines of credits in the scripts that end a word with no space: `2026-03-05 10:20 来源：新华社 责任编辑：李明`.
//!
//! Nearly every page of a Chinese newsroom has them above and below its text. In other scripts the same words begin sentences, and
//! the trees tell.

/// What is credited, or counted beside the credits, before a colon.
const LABELS: [&str; 44] = [
    "来源",
    "來源",
    "稿源",
    "文章来源",
    "文章來源",
    "信息来源",
    "稿件来源",
    "资料来源",
    "责任编辑",
    "責任編輯",
    "责编",
    "責編",
    "编辑",
    "編輯",
    "主编",
    "主編",
    "编审",
    "校对",
    "校對",
    "审核",
    "審核",
    "作者",
    "记者",
    "記者",
    "撰文",
    "文",
    "发布时间",
    "發布時間",
    "发布日期",
    "更新时间",
    "时间",
    "時間",
    "日期",
    "浏览次数",
    "浏览量",
    "浏览",
    "阅读量",
    "阅读",
    "点击数",
    "点击",
    "字号",
    "出典",
    "編集",
    "기사출처",
];
/// Letters behind a label: names, an agency.
const MAX_CREDIT: usize = 24;

/// Whether a line is credits and dates and nothing else.
pub(super) fn is_line_of(text: &str) -> bool {
    let mut has_label = false;
    let mut is_open = false;
    let is_part = |part: &str| {
        if let Some(rest) = after_label(part) {
            (has_label, is_open) = (true, rest.is_empty());
            return rest.chars().count() <= MAX_CREDIT && !rest.contains(['。', '，', '！', '？']);
        }
        // `来源： 新华社`
        let is_credit = std::mem::take(&mut is_open) && part.chars().count() <= MAX_CREDIT;
        is_credit || is_date(part)
    };
    let mut parts =
        text.split(|c: char| c.is_whitespace() || matches!(c, '|' | '｜' | '·' | '(' | ')' | '（' | '）' | '[' | ']'));
    text.len() <= 300 && parts.by_ref().filter(|part| !part.is_empty()).all(is_part) && has_label
}

fn after_label(part: &str) -> Option<&str> {
    let (label, rest) = part.split_once(['：', ':'])?;
    LABELS.contains(&label).then_some(rest)
}

fn is_date(part: &str) -> bool {
    part.chars().all(|c| c.is_ascii_digit() || "-/.:：年月日时時分秒点點次大中小".contains(c))
}

#[cfg(test)]
mod tests {
    use super::is_line_of;

    #[test]
    fn credits_are_lines_of_labels_and_dates() {
        for line in [
            "来源：新华社",
            "2026-03-05 10:20 来源：新华社",
            "2026年3月5日 10:20　来源： 新华网　作者：王小明　责任编辑：李明",
            "（责编：李明、王小明）",
            "[责任编辑: 李明]",
        ] {
            assert!(is_line_of(line), "{line}");
        }
        for line in [
            "2026-03-05 10:20",
            "来源不明的消息说，港口将关闭。",
            "记者：您怎么看这件事？",
            "作者：这是一个很长的句子，它说了很多关于港口和桥梁的事情，所以不是署名。",
            "新华社北京3月5日电 市议会星期二通过了新桥方案。",
            "The source: a ferry",
            "",
        ] {
            assert!(!is_line_of(line), "{line}");
        }
    }
}
