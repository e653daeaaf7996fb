//! What a page wants that came in place of another document: a password, a proof, consent, patience, a buyer.
//!
//! By structure first (a field for a password, a form's action, how much there is to read), then by the words of its title
//! and headings in the languages where that is cheap. Never by the host: a page with much to read is a page, whatever
//! fields and banners stand around it.

mod phrases;

use scraper::Node;
use scraper::node::Element;

use self::phrases::says;
use super::text::plain_text;
use super::tree::Tree;
use super::walk::{Step, walk};
use crate::model::article::InsteadOfArticle;
use crate::model::failure::InsteadOfFeed;

/// Words beyond which a page is there to be read. Login pages with all their notices stay below.
const MANY_WORDS: usize = 300;
/// What is looked at of a title, and of the text.
const MAX_TITLE: usize = 500;
const MAX_TEXT: usize = 4 * 1024;

/// A page that came in place of a feed: what it is called, and what it wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageInstead {
    /// One of the kinds of pages.
    pub kind: InsteadOfFeed,
    /// Its title in one line.
    pub title: Option<String>,
}

/// Tells what a page is for. `markup` is the page's text before parsing, in which the scripts still stand.
pub fn page_instead(tree: &Tree, markup: &str) -> PageInstead {
    let signs = Signs::of(tree);
    let title = Some(plain_text(&signs.title)).filter(|title| !title.is_empty());
    PageInstead { kind: signs.kind(markup), title }
}

/// Words of a page with a captcha or a challenge's script on it beyond which it is there for something else: both stand on pages
/// that are shown as well.
const FEW_WORDS: usize = 80;
/// Words of a consent form with the list of whom it is for.
const MANY_WORDS_OF_CONSENT: usize = 1500;

/// Tells what a page is on which no article was found: the same signs, read more strictly, since a short article may stand
/// beside a form. `None` where it may be a poor page of an article.
pub(crate) fn instead_of_article(tree: &Tree, markup: &str) -> Option<InsteadOfArticle> {
    let signs = Signs::of(tree);
    let consent = phrases::count_consent(&signs.text);
    if consent >= 3 && signs.words < MANY_WORDS_OF_CONSENT {
        return Some(InsteadOfArticle::ConsentWall);
    }
    let title = signs.title.to_lowercase();
    let headed = |phrases: &[&str]| says(&title, phrases) || says(&signs.headings, phrases);
    let is_empty = signs.words < FEW_WORDS;
    match signs.kind(markup) {
        InsteadOfFeed::ChallengePage if headed(phrases::CHALLENGE) || is_empty => Some(InsteadOfArticle::ChallengePage),
        InsteadOfFeed::LoginPage if headed(phrases::LOGIN) || signs.hands_on || is_empty => {
            Some(InsteadOfArticle::LoginPage)
        }
        InsteadOfFeed::ConsentPage if consent > 0 || says(&title, phrases::CONSENT) => {
            Some(InsteadOfArticle::ConsentWall)
        }
        _ if titled_so(&title, phrases::MISSING) => Some(InsteadOfArticle::MissingPage),
        _ if titled_so(&title, phrases::MAINTENANCE) => Some(InsteadOfArticle::MaintenancePage),
        _ => None,
    }
}

/// Whether a part of a title says this and hardly anything else: a longer one tells of it.
fn titled_so(title: &str, phrases: &[&str]) -> bool {
    let mut parts = title.split(['|', '-', '–', '—', '·', ':', '•']);
    parts.any(|part| count_words(part) <= 5 && says(part, phrases))
}

/// How many of the things that consent forms say a text says.
pub(crate) fn consent_words(text: &str) -> usize {
    phrases::count_consent(&text.to_lowercase())
}

/// What a page shows of what it wants, all in lower case but for the title.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a sign of its own, seen or not")]
struct Signs {
    title: String,
    /// The headings, each in a line.
    headings: String,
    /// The beginning of the visible text.
    text: String,
    words: usize,
    /// A field for a password that is there already, or to be chosen.
    has_password: bool,
    /// A field for a name, an address or a number.
    has_field: bool,
    /// A message of single sign-on that a script hands on (SAML, WS-Federation, `OpenID` Connect).
    hands_on: bool,
    /// Actions, ids and classes of the forms.
    forms: String,
    /// Where a `refresh` leads.
    refresh: String,
    /// Ids, classes and sources that speak of a captcha.
    has_captcha: bool,
}

impl Signs {
    fn of(tree: &Tree) -> Self {
        let mut signs = Self::default();
        let mut heading = 0_usize;
        walk(tree.html.tree.root(), &mut |step| match step {
            Step::Enter(node) => match node.value() {
                Node::Text(text) => {
                    signs.text(text, heading > 0);
                    false
                }
                Node::Element(element) => {
                    heading += usize::from(is_heading(element));
                    signs.element(element);
                    if element.name() == "title" && signs.title.is_empty() {
                        let texts = node.children().filter_map(|child| child.value().as_text());
                        signs.title = texts.flat_map(|text| text.chars()).take(MAX_TITLE).collect();
                    }
                    !matches!(element.name(), "title" | "script" | "style" | "template")
                }
                _ => true,
            },
            Step::Leave(node) => {
                heading -= usize::from(node.value().as_element().is_some_and(is_heading));
                false
            }
        });
        signs
    }

    fn text(&mut self, text: &str, is_heading: bool) {
        self.words += count_words(text);
        for (line, wanted) in [(&mut self.text, true), (&mut self.headings, is_heading)] {
            if wanted && line.len() < MAX_TEXT {
                line.extend(text.chars().take(MAX_TEXT).flat_map(char::to_lowercase));
                line.push(' ');
            }
        }
    }

    fn element(&mut self, element: &Element) {
        let lower = |name: &str| element.attr(name).map(str::to_ascii_lowercase).unwrap_or_default();
        match element.name() {
            "input" => {
                let (kind, hint, name) = (lower("type"), lower("autocomplete"), lower("name"));
                self.has_password |= kind == "password" || hint.ends_with("-password");
                self.has_field |= matches!(kind.as_str(), "email" | "tel") || hint.contains("username");
                self.has_field |= matches!(kind.as_str(), "" | "text")
                    && ["user", "login", "mail", "account", "ident"].iter().any(|part| name.contains(part));
                self.hands_on |= matches!(
                    name.as_str(),
                    "samlrequest" | "samlresponse" | "relaystate" | "wresult" | "wctx" | "id_token"
                );
            }
            "meta" if lower("http-equiv") == "refresh" => {
                self.refresh = lower("content").chars().take(MAX_TITLE).collect();
            }
            "form" if self.forms.len() < MAX_TEXT => {
                for attribute in ["action", "id", "class", "name"] {
                    self.forms.extend(lower(attribute).chars().take(MAX_TITLE).chain([' ']));
                }
            }
            _ => {}
        }
        if !self.has_captcha {
            self.has_captcha = ["id", "class", "name", "src"].iter().any(|attribute| {
                element.attr(attribute).is_some_and(|value| phrases::CAPTCHAS.iter().any(|mark| value.contains(mark)))
            });
        }
    }

    fn kind(&self, markup: &str) -> InsteadOfFeed {
        let title = self.title.to_lowercase();
        let is_short = self.words < MANY_WORDS;
        let titled = |phrases: &[&str]| says(&title, phrases);
        let headed = |phrases: &[&str]| titled(phrases) || says(&self.headings, phrases);
        let form = |marks: &[&str]| says(&self.forms, marks);
        match () {
            () if !is_short => InsteadOfFeed::HtmlPage,
            () if self.has_password || self.hands_on => InsteadOfFeed::LoginPage,
            () if self.has_captcha || headed(phrases::CHALLENGE) || phrases::is_challenge_script(markup) => {
                InsteadOfFeed::ChallengePage
            }
            () if self.has_field && (headed(phrases::LOGIN) || form(phrases::LOGIN_ACTIONS)) => {
                InsteadOfFeed::LoginPage
            }
            () if self.words == 0 && says(&self.refresh, phrases::LOGIN_ACTIONS) => InsteadOfFeed::LoginPage,
            () if titled(phrases::CONSENT) || form(&["consent"]) => InsteadOfFeed::ConsentPage,
            () if titled(phrases::PARKED) || says(&self.text, phrases::PARKED) => InsteadOfFeed::ParkedDomain,
            () if headed(phrases::MAINTENANCE) => InsteadOfFeed::MaintenancePage,
            () => InsteadOfFeed::HtmlPage,
        }
    }
}

fn is_heading(element: &Element) -> bool {
    matches!(element.name(), "h1" | "h2")
}

/// Words; two characters make one where no spaces stand between words.
fn count_words(text: &str) -> usize {
    let dense = text.chars().filter(|c| matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{9fff}')).count();
    text.split_whitespace().count() + dense / 2
}

#[cfg(test)]
mod tests {
    use super::page_instead;
    use crate::html::parse;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        let kind = page_instead(&parse(html), html).kind;
        assert_eq!(kind.as_str(), format!("not-a-feed:{expected}"), "{html}");
    }

    /// A page as people read it, with `inside` somewhere in it.
    fn long(inside: &str) -> String {
        format!("<title>The News</title>{inside}<p>{}", "word ".repeat(400))
    }

    #[test]
    fn a_page_that_wants_a_password_is_a_login_page() {
        check("<title>Hi</title><form><input type = PASSWORD></form>", "login-page");
        check("<input autocomplete=current-password>", "login-page");
        check("<form method=post><input type=hidden name=SAMLRequest value=x></form>", "login-page");
        check("<form action='/account/signin?next=/feed'><input type=email></form>", "login-page");
        check("<meta http-equiv=Refresh content='0;url=/login?next=/feed'>", "login-page");
        check("<meta http-equiv=Refresh content='600;url=/login'><p>Hello", "html-page");
        check("<!-- <input type=password> --><p>Hello", "html-page");
        check("<script>'<input type=password>'</script><p>Hello", "html-page");
        check(&long("<input type=password>"), "html-page");
    }

    #[test]
    fn login_pages_are_known_in_many_languages() {
        for title in [
            "Log in",
            "Sign in – Example",
            "Anmelden",
            "Bitte einloggen",
            "Connexion",
            "Iniciar sesión",
            "Accedi",
            "Inloggen",
            "Logga in",
            "Log ind",
            "Kirjaudu sisään",
            "Zaloguj się",
            "Přihlášení",
            "Bejelentkezés",
            "Вход",
            "Авторизация",
            "Увійти",
            "Giriş yap",
            "Σύνδεση",
            "登录",
            "ログイン - Example",
            "로그인",
            "เข้าสู่ระบบ",
            "تسجيل الدخول",
            "התחברות",
            "Đăng nhập",
            "Masuk",
        ] {
            check(&format!("<title>{title}</title><form><input name=username></form>"), "login-page");
        }
        check("<title>Blog index</title><form><input name=email></form>", "html-page");
    }

    #[test]
    fn a_page_that_doubts_its_visitor_is_a_challenge() {
        check("<title>Just a moment...</title>", "challenge-page");
        check("<script src='/cdn-cgi/challenge-platform/h/b/x.js'></script>", "challenge-page");
        check("<div class='h-captcha' data-sitekey=x></div>", "challenge-page");
        check("<h1>Checking your browser before you go on</h1>", "challenge-page");
        check("<title>Подтвердите, что вы не робот</title>", "challenge-page");
        check("<p>Please enable JavaScript and cookies to continue", "challenge-page");
        check(&long("<form><div class=g-recaptcha></div></form>"), "html-page");
    }

    #[track_caller]
    fn check_article(html: &str, expected: Option<&str>) {
        let found = super::instead_of_article(&parse(html), html).map(super::InsteadOfArticle::as_str);
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn pages_in_place_of_an_article_are_told_more_strictly() {
        check_article("<title>Just a moment...</title><p>Checking", Some("challenge-page"));
        check_article("<script src='/cdn-cgi/challenge-platform/h/b/x.js'></script>", Some("challenge-page"));
        check_article("<title>Sign in</title><input type=password>", Some("login-page"));
        check_article("<title>The Post</title><form><input type=password></form>", Some("login-page"));
        check_article("<title>Before you continue</title><form action=/save></form>", Some("consent-wall"));
        check_article("<title>404 Not Found</title><h1>Oh no", Some("missing-page"));
        check_article("<title>Seite nicht gefunden - Die Post</title>", Some("missing-page"));
        check_article("<title>找不到页面</title>", Some("missing-page"));
        check_article("<title>Down for maintenance | The Post</title>", Some("maintenance-page"));
        check_article("<title>What to do when a page was not found by those who seek it</title>", None);
        check_article("<title>The maintenance of the ferry takes until spring</title>", None);
        check_article("<title>The Post</title><h2>Coming soon", None);
        let words = "word ".repeat(100);
        check_article(&format!("<script src='/cdn-cgi/challenge-platform/x.js'></script><p>{words}"), None);
        check_article(&format!("<title>The Post</title><form><input type=password></form><p>{words}"), None);
        check_article(&format!("<title>The Post</title><div class=g-recaptcha></div><p>{words}"), None);
    }

    #[test]
    fn consent_forms_are_known_by_what_they_say() {
        for text in [
            "We value your privacy. We and our partners store and access information on a device. Accept all",
            "Mit Werbung weiterlesen. Wir und unsere Partner verarbeiten Daten. Alle akzeptieren",
            "Nous et nos partenaires utilisons des cookies. Tout accepter. Continuer sans accepter",
            "Nosotros y nuestros socios. Aceptar todo. Configurar cookies",
            "Wij en onze partners gebruiken cookies. Alles accepteren. Instellingen beheren",
            "My i nasi partnerzy. Szanujemy Twoją prywatność. Zaakceptuj wszystko",
        ] {
            check_article(&format!("<title>The Post</title><div>{text}</div>"), Some("consent-wall"));
        }
        check_article("<title>The Post</title><p>The council wants to accept all plans.", None);
    }

    #[test]
    fn consent_patience_and_sale_are_told_apart() {
        check("<title>Before you continue</title><form action=/save></form>", "consent-page");
        check("<form class='consent-form' method=post><button>Accept all", "consent-page");
        check("<title>Site Maintenance</title>", "maintenance-page");
        check("<h1>Wir sind bald zurück: Wartungsarbeiten</h1>", "maintenance-page");
        check("<title>ただいまメンテナンス中です</title>", "maintenance-page");
        check("<title>example.org</title><p>This domain is for sale!", "parked-domain");
        check("<title>Garden maintenance: ten tips</title><article>word ", "maintenance-page");
        check(&long("<h1>Garden maintenance</h1><p>Buy this domain"), "html-page");
    }
}
