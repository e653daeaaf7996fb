//! The maintained list of query parameters that say how a reader arrived and never what is read.
//!
//! A wrong entry merges different documents, a missing one only leaves a duplicate for the content hash to find. So
//! an entry needs a group that names who sets it, and a name that no site uses for content. Never in this list:
//! `sid`, `uid`, `id`, `source`, `ref`, `v`, `p`, `s`, `t`, `from`, `page`; they are content somewhere.

/// Whether the parameter `name` says nothing about the document at `host`.
pub(super) fn is_tracking(name: &str, value: &str, host: &str) -> bool {
    let listed = GROUPS.iter().any(|group| group.names.iter().any(|pattern| pattern.matches(name)));
    listed || is_amp_switch(name, value) || is_feed_label(name, value) || is_tracking_at(name, host)
}

/// Names that are content with any other value.
fn is_feed_label(name: &str, value: &str) -> bool {
    matches!(name, "partner" | "emc" | "rss") && (value.starts_with("rss") || name == "rss" && value == "1")
}

/// The AMP version of a page, asked for by parameter.
fn is_amp_switch(name: &str, value: &str) -> bool {
    match name {
        "amp" => matches!(value, "" | "1" | "true" | "amp"),
        "outputType" | "outputtype" => value.eq_ignore_ascii_case("amp"),
        "amp_js_v" | "amp_gsa" | "usqp" => true, // Added by Google's AMP viewer.
        _ => false,
    }
}

/// Names that are content elsewhere, but not on this site.
fn is_tracking_at(name: &str, host: &str) -> bool {
    let on = |site: &str| host.strip_suffix(site).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    SITES.iter().any(|(site, names)| on(site) && names.contains(&name))
}

/// Those who set parameters of one kind.
struct Group {
    /// For the reader of this list.
    #[cfg_attr(not(test), expect(dead_code, reason = "documents the list; a test checks that it is said"))]
    who: &'static str,
    names: &'static [Name],
}

enum Name {
    /// In any case of ASCII letters.
    Exact(&'static str),
    /// In exactly this case: the other spelling is content somewhere.
    Cased(&'static str),
    /// Every name that begins so, in any case of ASCII letters.
    Prefix(&'static str),
}

impl Name {
    fn matches(&self, name: &str) -> bool {
        match self {
            Self::Exact(exact) => name.eq_ignore_ascii_case(exact),
            Self::Cased(cased) => name == *cased,
            Self::Prefix(prefix) => name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)),
        }
    }
}

use Name::{Cased, Exact, Prefix};

const GROUPS: &[Group] = &[
    Group {
        who: "Google Analytics campaigns, and those who copied their names (Matomo, Piwik, HubSpot's old ones)",
        names: &[
            Prefix("utm_"),
            Exact("_ga"),
            Exact("_gl"),
            Exact("pk_campaign"),
            Exact("pk_kwd"),
            Exact("pk_keyword"),
            Exact("pk_source"),
            Exact("pk_medium"),
            Exact("pk_content"),
            Prefix("mtm_"),
            Prefix("piwik_"),
            Prefix("matomo_"),
        ],
    },
    Group {
        who: "click identifiers that ad networks and social networks append to every outgoing link",
        names: &[
            Exact("fbclid"),
            Exact("gclid"),
            Exact("gclsrc"),
            Exact("gbraid"),
            Exact("wbraid"),
            Exact("dclid"),
            Exact("gad_source"),
            Exact("gad_campaignid"),
            Exact("msclkid"),
            Exact("yclid"),
            Exact("ymclid"),
            Exact("ysclid"),
            Exact("twclid"),
            Exact("ttclid"),
            Exact("li_fat_id"),
            Exact("igshid"),
            Exact("igsh"),
            Exact("epik"),
            Exact("rdt_cid"),
            Exact("scclid"),
            Exact("irclickid"),
            Exact("_openstat"),
            Exact("srsltid"),
            Prefix("fb_action_"),
            Exact("fb_source"),
            Exact("fb_ref"),
            Exact("tblci"),
            Exact("obOrigUrl"),
        ],
    },
    Group {
        who: "newsletter senders: Mailchimp, HubSpot, Marketo, Klaviyo, Vero, Omeda, Drip, Bluecore, Sailthru",
        names: &[
            Exact("mc_cid"),
            Exact("mc_eid"),
            Exact("_hsenc"),
            Exact("_hsmi"),
            Prefix("__hs"),
            Exact("hsCtaTracking"),
            Exact("mkt_tok"),
            Exact("_ke"),
            Exact("_kx"),
            Exact("vero_id"),
            Exact("vero_conv"),
            Exact("oly_anon_id"),
            Exact("oly_enc_id"),
            Exact("__s"),
            Exact("bbeml"),
            Exact("ml_subscriber"),
            Exact("ml_subscriber_hash"),
            Exact("sailthru_source"),
        ],
    },
    Group {
        who: "Piano Analytics (AT Internet) campaigns, xtor its older form",
        names: &[
            Exact("at_medium"),
            Exact("at_campaign"),
            Exact("at_campaign_type"),
            Exact("at_format"),
            Exact("at_ptr_name"),
            Exact("at_bbc_team"),
            Exact("at_variant"),
            Exact("at_creation"),
            Exact("at_emailtype"),
            Prefix("at_custom"),
            Prefix("at_link_"),
            Exact("xtor"),
            Exact("xtref"),
            Exact("xtcr"),
        ],
    },
    Group {
        who: "comScore and Adobe Analytics; cid is not here, since content uses it",
        names: &[Prefix("ns_"), Exact("s_cid"), Exact("s_kwcid"), Exact("ef_id"), Exact("cmpid"), Exact("adobe_mc")],
    },
    Group {
        who: "Webtrekk (Mapp), etracker, econda",
        names: &[
            Prefix("wt_mc"),
            Prefix("wt_zmc"),
            Exact("wt.mc_id"),
            Exact("wtmc"),
            Exact("etcc_cmp"),
            Exact("etcc_med"),
            Prefix("emcs"),
        ],
    },
    Group {
        who: "publishers' own labels for the channel of a link",
        names: &[
            Cased("CMP"),
            Exact("ocid"),
            Cased("ito"),
            Cased("smid"),
            Exact("ftag"),
            Exact("ncid"),
            Exact("sr_share"),
            Exact("__twitter_impression"),
            Exact("ref_src"),
            Exact("ref_url"),
            Exact("guccounter"),
            Exact("guce_referrer"),
            Exact("guce_referrer_sig"),
            Exact("spm"),
            Exact("soc_src"),
            Exact("soc_trk"),
            Exact("share_from"),
            Exact("traffic_source"),
            Exact("echobox"),
        ],
    },
    Group {
        who: "labels that a feed puts on its own links",
        names: &[Exact("feedType"), Exact("feedName"), Exact("mod_rss"), Exact("rssfeed")],
    },
];

/// Names that count only on one site and its subdomains.
const SITES: &[(&str, &[&str])] = &[
    ("youtube.com", &["si", "feature", "pp", "ab_channel"]),
    ("youtu.be", &["si", "feature"]),
    ("twitter.com", &["s", "t"]),
    ("x.com", &["s", "t"]),
    ("medium.com", &["source", "sk"]),
    ("substack.com", &["r", "isFreemail", "triedRedirect"]),
];

#[cfg(test)]
mod tests {
    use super::{GROUPS, Name, SITES, is_tracking};

    #[test]
    fn names_that_are_content_somewhere_are_never_listed() {
        for name in [
            "sid", "uid", "id", "source", "ref", "v", "p", "s", "t", "from", "page", "q", "cid", "cmp", "aid", "story",
            "lang", "date", "ns", "at", "utm", "pk", "amphtml",
        ] {
            assert!(!is_tracking(name, "1", "example.org"), "{name}");
        }
    }

    #[test]
    fn each_group_says_who_and_no_name_is_empty() {
        for group in GROUPS {
            assert!(group.who.len() > 10 && !group.names.is_empty());
            for name in group.names {
                let (Name::Exact(text) | Name::Cased(text) | Name::Prefix(text)) = name;
                assert!(text.len() >= 3, "{text} is too short to be nobody's content");
            }
        }
        assert!(SITES.iter().all(|(site, names)| site.contains('.') && !names.is_empty()));
    }

    #[test]
    fn names_of_a_site_count_there_alone() {
        assert!(is_tracking("si", "x", "youtube.com"));
        assert!(is_tracking("si", "x", "music.youtube.com"));
        assert!(!is_tracking("si", "x", "notyoutube.com"));
        assert!(!is_tracking("si", "x", "example.org"));
    }
}
