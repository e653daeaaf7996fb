//! What the names of classes, ids and roles say about an element: one table of words, none of them of one site.

use std::ops::{BitOr, BitOrAssign};
use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt};

/// A set of things that an element seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub(super) struct Hints(u32);

impl Hints {
    pub(super) const NONE: Hints = Hints(0);
    /// Menus, page furniture.
    pub(super) const NAVIGATION: Hints = Hints(1);
    pub(super) const FOOTER: Hints = Hints(1 << 1);
    /// The page's head, not the article's.
    pub(super) const MASTHEAD: Hints = Hints(1 << 2);
    pub(super) const ASIDE: Hints = Hints(1 << 3);
    pub(super) const SHARE: Hints = Hints(1 << 4);
    pub(super) const COMMENTS: Hints = Hints(1 << 5);
    pub(super) const AD: Hints = Hints(1 << 6);
    /// Called related by the publisher.
    pub(super) const RELATED: Hints = Hints(1 << 7);
    /// Most read, recommended, latest: chosen by a machine.
    pub(super) const RECIRCULATION: Hints = Hints(1 << 8);
    pub(super) const NEWSLETTER: Hints = Hints(1 << 9);
    pub(super) const CONSENT: Hints = Hints(1 << 10);
    pub(super) const CAPTION: Hints = Hints(1 << 11);
    pub(super) const BYLINE: Hints = Hints(1 << 12);
    pub(super) const DATE: Hints = Hints(1 << 13);
    pub(super) const BREADCRUMB: Hints = Hints(1 << 14);
    pub(super) const TAGS: Hints = Hints(1 << 15);
    pub(super) const AUTHOR_BIO: Hints = Hints(1 << 16);
    pub(super) const HIDDEN: Hints = Hints(1 << 17);
    /// The text of an article.
    pub(super) const BODY: Hints = Hints(1 << 18);
    /// What holds an article with its head and foot.
    pub(super) const ARTICLE: Hints = Hints(1 << 19);
    pub(super) const STANDFIRST: Hints = Hints(1 << 20);
    /// A post of a social network, quoted.
    pub(super) const EMBED: Hints = Hints(1 << 21);
    /// Asks to pay, to subscribe, to log in.
    pub(super) const PAYWALL: Hints = Hints(1 << 22);
    pub(super) const CONTENTS: Hints = Hints(1 << 23);
    /// Players, polls, tools.
    pub(super) const WIDGET: Hints = Hints(1 << 24);
    /// schema.org's `articleBody`, said outright.
    pub(super) const BODY_STATED: Hints = Hints(1 << 25);

    /// What holds links or tools: never the text of a large part of the page.
    pub(super) const LINKS_AND_TOOLS: Hints = Hints(
        Self::RELATED.0
            | Self::RECIRCULATION.0
            | Self::NAVIGATION.0
            | Self::AD.0
            | Self::PAYWALL.0
            | Self::WIDGET.0
            | Self::SHARE.0
            | Self::TAGS.0
            | Self::CONTENTS.0
            | Self::CONSENT.0,
    );

    /// What is never part of an article's text.
    pub(super) const BOILERPLATE: Hints = Hints(
        Self::NAVIGATION.0
            | Self::FOOTER.0
            | Self::MASTHEAD.0
            | Self::ASIDE.0
            | Self::SHARE.0
            | Self::COMMENTS.0
            | Self::AD.0
            | Self::RELATED.0
            | Self::RECIRCULATION.0
            | Self::NEWSLETTER.0
            | Self::CONSENT.0
            | Self::CAPTION.0
            | Self::BYLINE.0
            | Self::DATE.0
            | Self::BREADCRUMB.0
            | Self::TAGS.0
            | Self::AUTHOR_BIO.0
            | Self::HIDDEN.0
            | Self::PAYWALL.0
            | Self::CONTENTS.0
            | Self::WIDGET.0,
    );

    /// The most text that an element may hold to be what it is called: names of small things stand on large ones as well.
    pub(super) fn limited_to(self, size: u32) -> Hints {
        let mut hints = self;
        for (kinds, most) in LIMITS {
            if size > *most {
                hints = hints.without(*kinds);
            }
        }
        hints
    }

    /// Whether any of `other` is in the set.
    pub(super) const fn any(self, other: Hints) -> bool {
        self.0 & other.0 != 0
    }

    /// How many kinds of boilerplate are in the set.
    pub(super) const fn boilerplate_kinds(self) -> u32 {
        (self.0 & Self::BOILERPLATE.0).count_ones()
    }

    pub(super) const fn with(self, other: Hints) -> Hints {
        Hints(self.0 | other.0)
    }

    pub(super) const fn without(self, other: Hints) -> Hints {
        Hints(self.0 & !other.0)
    }
}

impl BitOr for Hints {
    type Output = Hints;

    fn bitor(self, other: Hints) -> Hints {
        Hints(self.0 | other.0)
    }
}

impl BitOrAssign for Hints {
    fn bitor_assign(&mut self, other: Hints) {
        self.0 |= other.0;
    }
}

/// Words that make a name one of what an element has around it, or has not: `has-sidebar`, `no-comments`, `label-hidden`.
const MODIFIERS: [&str; 9] = ["has", "with", "no", "non", "not", "without", "label", "show", "js"];

/// What a `class` or `id` says. Names are cut into words at punctuation and humps; each word, and each two neighbours written
/// together, are looked up: `related-posts`, `relatedPosts` and `related_posts` are the same two words.
pub(super) fn of_name(name: &str) -> Hints {
    let mut hints = Hints::NONE;
    for token in name.split_ascii_whitespace() {
        hints |= of_token(token);
    }
    hints
}

fn of_token(token: &str) -> Hints {
    // Names of design systems and generated ones are long; a word about the content stands in the first part.
    let mut joined = String::with_capacity(token.len().min(80));
    let mut starts: Vec<usize> = Vec::with_capacity(8);
    let mut previous_is_lower = false;
    let mut in_word = false;
    for c in token.chars().take(80) {
        if c.is_alphanumeric() {
            if !in_word || previous_is_lower && c.is_uppercase() {
                starts.push(joined.len());
            }
            in_word = true;
            previous_is_lower = c.is_lowercase();
            joined.extend(c.to_lowercase());
        } else {
            in_word = false;
            previous_is_lower = false;
        }
    }
    starts.push(joined.len());
    let mut hints = if token.len() < 24 && HIDDEN_NAMES.contains(&token) { Hints::HIDDEN } else { Hints::NONE };
    let first = starts.get(1).map_or("", |end| &joined[..*end]);
    if starts.len() > 2 && MODIFIERS.contains(&first) || joined.contains("labelhidden") {
        return hints;
    }
    for (at, start) in starts.iter().enumerate() {
        for end in starts.iter().skip(at + 1).take(3) {
            if let Some(found) = WORDS.get(&joined[*start..*end]) {
                hints |= *found;
            }
        }
    }
    hints
}

/// The size of text up to which names of small things are believed.
const LIMITS: &[(Hints, u32)] = &[
    (Hints(Hints::DATE.0 | Hints::BYLINE.0), 300),
    (Hints(Hints::BREADCRUMB.0 | Hints::SHARE.0), 600),
    (Hints(Hints::PAYWALL.0 | Hints::CAPTION.0 | Hints::TAGS.0), 1000),
    (Hints(Hints::NEWSLETTER.0 | Hints::CONSENT.0 | Hints::AUTHOR_BIO.0 | Hints::WIDGET.0 | Hints::AD.0), 3000),
];

/// What an ARIA role says.
pub(super) fn of_role(role: &str) -> Hints {
    match role.trim() {
        "navigation" | "menu" | "menubar" | "search" | "tablist" | "toolbar" => Hints::NAVIGATION,
        "banner" => Hints::MASTHEAD,
        "contentinfo" => Hints::FOOTER,
        "complementary" => Hints::ASIDE,
        "dialog" | "alertdialog" | "alert" => Hints::CONSENT,
        "main" | "article" => Hints::ARTICLE,
        _ => Hints::NONE,
    }
}

/// What a schema.org property says.
pub(super) fn of_property(property: &str) -> Hints {
    let mut hints = Hints::NONE;
    for property in property.split_ascii_whitespace() {
        hints |= match property {
            "articleBody" | "reviewBody" | "schema:articleBody" | "text" => Hints::BODY | Hints::BODY_STATED,
            "author" | "creator" => Hints::BYLINE,
            "datePublished" | "dateModified" | "dateCreated" => Hints::DATE,
            "comment" | "comments" => Hints::COMMENTS,
            "breadcrumb" => Hints::BREADCRUMB,
            "keywords" => Hints::TAGS,
            "caption" => Hints::CAPTION,
            "alternativeHeadline" => Hints::STANDFIRST,
            _ => Hints::NONE,
        };
    }
    hints
}

static WORDS: LazyLock<HashMap<&'static str, Hints>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for (hints, names) in TABLE {
        for name in names.split_ascii_whitespace() {
            *words.entry(name).or_insert(Hints::NONE) |= *hints;
        }
    }
    words
});

/// Whole names that hide; as a part of a name such a word speaks of something else.
const HIDDEN_NAMES: [&str; 9] = [
    "hidden",
    "hide",
    "is-hidden",
    "visually-hidden",
    "visuallyhidden",
    "sr-only",
    "screen-reader-text",
    "d-none",
    "invisible",
];

/// Words as they are used in class names, two or three of them written together where one says too little.
const TABLE: &[(Hints, &str)] = &[
    (
        Hints::NAVIGATION,
        "nav navbar navigation menu submenu topnav mainnav subnav sitenav pagenav pager pagination paginator skiplink \
         skiplinks toolbar hamburger megamenu dropdown searchform searchbox searchbar sitesearch navigacija navegacion \
         postnavigation prevnext nextprev nextpost prevpost previouspost postnav offcanvas flyout",
    ),
    (
        Hints::FOOTER,
        "sitefooter pagefooter globalfooter mainfooter footernav footerlinks footerwidgets copyright colophon \
         impressum legalnotice siteinfo disclaimer bottombar",
    ),
    (
        Hints::MASTHEAD,
        "masthead siteheader pageheader globalheader mainheader topbar headerbar sitebranding brandbar logo tickerbar newsticker",
    ),
    (
        Hints::ASIDE,
        "sidebar sidebars aside rightrail leftrail rightcolumn rightcol sidecolumn siderail marginalia seitenleiste \
         secondarycolumn",
    ),
    (
        Hints::SHARE,
        "share sharing shares sharebar sharebox sharebuttons sharelinks sharethis addthis addtoany sociallinks socialbar \
         socialmedia socialicons socialshare socialsharing socialbuttons socialnetworks socials teilen partager compartir \
         condividi delen printbutton emailthis sharedaddy jpsharing shariff followus followbuttons toolbox articletools \
         articleactions actionbar bookmark sharetools socialtools",
    ),
    (
        Hints::COMMENTS,
        "comments commentlist commentarea commentsarea commentform commentsection commentssection commentbox commentcount \
         commentscount disqus disqusthread fbcomments livefyre respond kommentare kommentar commentaires comentarios commenti \
         reacties discussion userreviews usercomments commentwrapper commentbody leavecomment coral replies postreply",
    ),
    (
        Hints::AD,
        "ad ads adbox adslot adunit adwrapper adcontainer adsense adbanner adcontent adsbygoogle advert adverts advertisement \
         advertisements advertising advertorial advertbox dfp gptad googlead outbrain taboola sponsor sponsored sponsors \
         sponsoredcontent banner banners promo promobox promos promotion promoted werbung anzeige anzeigen publicidad publicite \
         reklama reklam reclame mgid revcontent commercial affiliate adplaceholder inread teads",
    ),
    (
        Hints::RELATED,
        "related relatedposts relatedarticles relatedcontent relatedlinks relatedstories relatednews relateditems relatedtopics \
         yarpp relatedbox readmore readalso alsoread seealso readnext morestories morearticles morenews moreon morefrom \
         morecoverage relatedcoverage furtherreading jprelatedposts crprelated articlerelated storyrelated lireaussi mehrzumthema \
         weiterlesen relacionadas relacionados relacionado correlati gerelateerd verwandt verwandte similar similarposts \
         similararticles similarnews seemore inlinerelated relatedinline crosslink crosslinks leestook leggianche",
    ),
    (
        Hints::RECIRCULATION,
        "recirc recirculation recommended recommendations recommendation recommend recommender mostread mostpopular mostviewed \
         mostcommented mostrecent popular popularposts popularnews trending trendingnow topstories topnews latest latestnews \
         lateststories latestposts recentposts recentnews recententries recentarticles youmaylike youmightlike youmayalsolike \
         mightlike alsolike alsointerested maylike suggested suggestions suggestedposts nextstory nextarticle uptonext upnext \
         empfehlungen meistgelesen masleidas pluslus dontmiss editorspicks editorschoice featuredposts otherposts othernews \
         otherarticles teaserlist teasers storylist articlelist newslist headlines linklist infinitescroll discover",
    ),
    (
        Hints::NEWSLETTER,
        "newsletter newslettersignup newsletters signup signupform subscribe subscribebox subscription subscribeform emailsignup \
         mailinglist mailchimp optin leadmagnet callout cta calltoaction ctabox donate donation donations donatebox spenden \
         supportus membership inscription abonnement suscribete iscriviti appdownload downloadapp pushnotification",
    ),
    (
        Hints::CONSENT,
        "cookie cookies cookiebar cookiebanner cookieconsent cookienotice consent gdpr ccpa privacybanner onetrust modal \
         popup overlay lightbox interstitial toast snackbar",
    ),
    (
        Hints::CAPTION,
        "caption captions imagecaption imgcaption photocaption wpcaptiontext figcaption credit credits imagecredit photocredit \
         imgcredit photographer bildunterschrift legende piedefoto copyrightinfo mediacaption imagesource photosource \
         bildquelle bildnachweis",
    ),
    (
        Hints::BYLINE,
        "byline bylines authorname authorinfo authorline authors articleauthor postauthor storyauthor entryauthor \
         articlebyline contributors postmeta entrymeta articlemeta storymeta metadata metaline postinfo articleinfo postdetails \
         entryfooter postfooter postedby writtenby postbyline autor auteur autore readingtime readtime timetoread",
    ),
    (
        Hints::DATE,
        "dateline datetime timestamp pubdate publishdate publisheddate publishedon postdate entrydate articledate \
         postedon lastupdated lastmodified updatedat dateupdated modifieddate datum posttime",
    ),
    (
        Hints::BREADCRUMB,
        "breadcrumb breadcrumbs crumb crumbs breadcrumblist brotkrumen fildariane youarehere kicker sectionlabel",
    ),
    (
        Hints::TAGS,
        "tags taglist tagcloud taglinks posttags entrytags articletags storytags tagslinks topics topiclist keywords \
         schlagworte schlagwoerter etiquetas categorylinks catlinks postcategories postcategory entrycategories filedunder tagline \
         hashtags",
    ),
    (
        Hints::AUTHOR_BIO,
        "authorbio authorbox authorcard authordescription authorprofile aboutauthor abouttheauthor biography bio biobox \
         authorblock aboutbox authorsbio articlebio postauthorbox authordetails",
    ),
    (
        Hints::HIDDEN,
        "hidden hide visuallyhidden sronly screenreadertext screenreader invisible displaynone noprint assistivetext",
    ),
    (
        Hints::BODY,
        "articlebody articlebodytext articlecontent articletext articlemaintext articlecopy articlefulltext entrycontent \
         postcontent postbody posttext postentry storybody storycontent storytext storycopy contentbody bodycontent bodytext \
         bodycopy newsbody newscontent newstext newsdetail blogcontent blogbody blogpostbody blogpostcontent pagecontent \
         singlecontent richtext textbody textcontent maintext fulltext contenttext detailtext detailcontent articleparagraph \
         textkorpus artikelinhalt artikeltext artikelbody cuerpo cuerponoticia corpo corpodelnoticia corpsarticle \
         textearticle articoletext tresc mwparseroutput mwcontenttext paragraphs contentinner bodyarticle contentarticle \
         postarticle thecontent editorcontent proseblock prose markdownbody tdpostcontent",
    ),
    (
        Hints::ARTICLE,
        "article articles story post hentry entry singlepost blogpost newsarticle articlewrapper articlecontainer main maincontent \
         maincolumn primary contentmain primarycontent contentarea content contentwrapper articledetail articleview artikel noticia",
    ),
    (
        Hints::STANDFIRST,
        "standfirst lede lead leadtext dek deck subtitle subheadline subheading teasertext articlesummary articlelead articleintro \
         vorspann chapo chapeau entradilla sommario articlesubtitle intro introduction leadparagraph sapo",
    ),
    (
        Hints::EMBED,
        "twittertweet instagrammedia fbpost tiktokembed redditembed blueskyembed telegrampost embeddedtweet socialembed",
    ),
    (
        Hints::PAYWALL,
        "paywall paywalled regwall subscriberonly premiumwall meteredwall piano loginwall paywallbox subscribewall bezahlschranke",
    ),
    (Hints::CONTENTS, "toc tableofcontents tablecontents inhaltsverzeichnis onthispage pagetoc sommaire eztoc"),
    (
        Hints::WIDGET,
        "poll quiz player videoplayer audioplayer jwplayer brightcove playlist carousel slider \
         ratingbox starrating factcheckwidget stockticker weatherwidget feedbackform helpful washelpful printfriendly \
         listenarticle audiowidget editsection mwjumplink navbox infobox ambox hatnote reflist references catlinks metabox \
         vertical-navbox jumptonav",
    ),
];

#[cfg(test)]
mod tests {
    use super::{Hints, of_name};

    #[track_caller]
    fn check(name: &str, expected: Hints) {
        assert_eq!(of_name(name), expected, "{name}");
    }

    #[test]
    fn names_are_read_however_they_are_written() {
        for name in ["related-posts", "relatedPosts", "c-related_posts__list", "RELATED"] {
            check(name, Hints::RELATED);
        }
        check("article__body", Hints::ARTICLE | Hints::BODY);
        check("entry-content", Hints::BODY | Hints::ARTICLE);
    }

    #[test]
    fn words_inside_words_say_nothing() {
        for name in ["header-adventure", "shadow", "download", "canvas", "unrelatedx", "", "--"] {
            check(name, Hints::NONE);
        }
    }
}
