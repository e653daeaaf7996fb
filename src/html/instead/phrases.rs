//! What pages say of themselves, in lower case. A phrase counts where it stands as words of its own.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// Titles and headings of login pages; these count only beside a field for a name.
pub(super) const LOGIN: &[&str] = &[
    // Germanic
    "log in",
    "login",
    "log-in",
    "sign in",
    "signin",
    "sign-in",
    "log on",
    "logon",
    "anmelden",
    "anmeldung",
    "einloggen",
    "inloggen",
    "aanmelden",
    "logga in",
    "logg inn",
    "log ind",
    "innskráning",
    // Romance
    "connexion",
    "se connecter",
    "connectez-vous",
    "identifiez-vous",
    "iniciar sesión",
    "inicio de sesión",
    "acceder",
    "identifícate",
    "iniciar sessão",
    "entrar",
    "inicia sessió",
    "accedi",
    "accesso",
    "autentificare",
    "conectare",
    // Slavic
    "zaloguj",
    "zaloguj się",
    "logowanie",
    "přihlášení",
    "přihlásit se",
    "prihlásenie",
    "prihlásiť sa",
    "prijava",
    "вход",
    "войти",
    "войдите",
    "авторизация",
    "вхід",
    "увійти",
    "авторизація",
    "пријава",
    // Others
    "bejelentkezés",
    "kirjaudu",
    "kirjaudu sisään",
    "logi sisse",
    "prisijungti",
    "pieslēgties",
    "giriş",
    "giriş yap",
    "oturum aç",
    "σύνδεση",
    "είσοδος",
    "đăng nhập",
    "masuk",
    "log masuk",
    "ورود",
    "تسجيل الدخول",
    "כניסה",
    "התחברות",
    "लॉग इन",
    "登录",
    "登入",
    "登錄",
    "ログイン",
    "サインイン",
    "로그인",
    "เข้าสู่ระบบ",
];

/// Words in the actions, ids and classes of login forms.
pub(super) const LOGIN_ACTIONS: &[&str] = &[
    "login",
    "log-in",
    "log_in",
    "logon",
    "signin",
    "sign-in",
    "sign_in",
    "auth",
    "authenticate",
    "sso",
    "session",
    "sessions",
    "oauth",
    "oauth2",
    "saml",
];

/// Titles and headings of pages that tell people from programs.
pub(super) const CHALLENGE: &[&str] = &[
    "just a moment",
    "one moment, please",
    "attention required",
    "checking your browser",
    "verifying your browser",
    "checking if the site connection is secure",
    "are you a robot",
    "are you human",
    "you are human",
    "you are not a robot",
    "you're not a robot",
    "you are not a bot",
    "you're not a bot",
    "not a bot",
    "i'm not a robot",
    "human verification",
    "bot verification",
    "bot check",
    "bot protection",
    "robot check",
    "security check",
    "security verification",
    "pardon our interruption",
    "captcha",
    "ddos protection",
    "browser check",
    "einen moment",
    "sicherheitsüberprüfung",
    "kein roboter",
    "un instant",
    "vérification de sécurité",
    "pas un robot",
    "un momento",
    "verificación de seguridad",
    "no eres un robot",
    "um momento",
    "verificação de segurança",
    "non sei un robot",
    "controllo di sicurezza",
    "geen robot",
    "inte är en robot",
    "nie jesteś robotem",
    "вы не робот",
    "что вы не робот",
    "проверка браузера",
    "проверка безопасности",
    "ви не робот",
    "robot olmadığınızı",
    "ロボットではありません",
    "セキュリティチェック",
    "人机验证",
    "安全验证",
    "请稍候",
    "人機驗證",
    "안전한 접속",
    "보안 확인",
];

/// Ids, classes and sources of captchas, whoever makes them.
pub(super) const CAPTCHAS: &[&str] =
    &["captcha", "Captcha", "CAPTCHA", "cf-turnstile", "cf-challenge", "cf-please-wait"];

/// Scripts that send a visitor back with a proof, and what they say to those who don't run them.
const CHALLENGE_SCRIPTS: &[&str] = &[
    "/challenge-platform/",
    "_cf_chl_opt",
    "_Incapsula_Resource",
    "sucuri_cloudproxy_js",
    "slowAES.decrypt",
    "awsWafCookieDomainList",
    "AwsWafIntegration",
    "window.KPSDK",
    "sec-if-cpt-container",
    "bm-verify",
    "px-captcha",
    "anubis_challenge",
    "Enable JavaScript and cookies to continue",
    "enable JavaScript and cookies to continue",
];

/// Titles of pages that want consent to cookies before anything else.
pub(super) const CONSENT: &[&str] = &[
    "before you continue",
    "privacy gate",
    "privacy wall",
    "cookie wall",
    "consent",
    "cookie consent",
    "privacy choices",
    "your privacy",
    "bevor sie fortfahren",
    "avant de continuer",
    "antes de continuar",
    "prima di continuare",
    "voordat je verdergaat",
    "zgoda",
    "souhlas",
];

/// What consent forms say, a language or two a line. A banner says some of it as well.
const CONSENT_FORMS: &[&str] = &[
    "we value your privacy|your privacy is important|we care about your privacy|we and our partners|we and our|our partners store|accept all|accept cookies|agree and continue|accept and continue|reject all|manage options|manage preferences|manage choices|we use cookies|personalised ads|personalized ads|legitimate interest|withdraw your consent|store and/or access information|consent to",
    "wir und unsere partner|ihre privatsphäre|alle akzeptieren|akzeptieren und weiter|zustimmen und weiter|mit werbung weiterlesen|mit werbung lesen|werbung und tracking|werbetracking|personalisierte anzeigen|personalisierte werbung|cookies und ähnliche|einwilligung|zustimmung|einstellungen verwalten|alle ablehnen|pur-abo|pur abo",
    "nous et nos partenaires|tout accepter|accepter et continuer|accepter et fermer|continuer sans accepter|tout refuser|paramétrer|respect de votre vie privée|publicités personnalisées|publicité personnalisée|utilisons des cookies|des cookies|votre consentement|gérer les cookies",
    "nosotros y nuestros socios|aceptar todo|aceptar y continuar|rechazar todo|configurar cookies|tu privacidad|su privacidad|utilizamos cookies|publicidad personalizada|tu consentimiento|su consentimiento|aceptar cookies|acceptar-ho tot",
    "nós e os nossos parceiros|nós e nossos parceiros|aceitar tudo|aceitar e continuar|rejeitar tudo|a sua privacidade|sua privacidade|usamos cookies|anúncios personalizados|seu consentimento|gerir opções",
    "noi e i nostri partner|accetta tutto|accetta e continua|rifiuta tutto|la tua privacy|pubblicità personalizzata|annunci personalizzati|tuo consenso|utilizziamo i cookie|gestisci opzioni|continua senza accettare",
    "wij en onze partners|alles accepteren|accepteren en doorgaan|alles weigeren|alles afwijzen|jouw privacy|uw privacy|gebruiken cookies|gepersonaliseerde advertenties|instellingen beheren|toestemming",
    "vi och våra partner|vi och våra samarbetspartner|godkänn alla|acceptera alla|avvisa alla|vi värnar om din integritet|din integritet|vi og våre partnere|godta alle|avvis alle|personvernet ditt|vi og vores partnere|accepter alle|accepter alt|afvis alle|dit privatliv|me ja kumppanimme|hyväksy kaikki|hylkää kaikki|yksityisyytesi",
    "my i nasi partnerzy|my i nasi zaufani partnerzy|zaakceptuj wszystko|akceptuję i przechodzę|przejdź do serwisu|twoją prywatność|twoja prywatność|szanujemy|spersonalizowane reklamy|zgodę na|zarządzaj|my a naši partneři|přijmout vše|souhlasím|odmítnout vše|vaše soukromí|prijať všetko|vaše súkromie|súhlasím|mi és partnereink|összes elfogadása|elfogadom|adatvédelme",
    "мы и наши партнеры|мы и наши партнёры|принять все|принять всё|использует файлы cookie|используем cookie|отклонить все|ми та наші партнери|прийняти всі|прийняти все|ние и нашите партньори|приемам всички|ми и наши партнери|прихвати све|mi i naši partneri|prihvati sve|sprejmi vse|noi și partenerii noștri|acceptă tot|acceptă toate|confidențialitatea",
    "εμείς και οι συνεργάτες|αποδοχή όλων|απόρρητό σας|απόρριψη όλων|biz ve ortaklarımız|tümünü kabul et|çerez|gizliliğiniz|tümünü reddet|אנחנו והשותפים|קבל הכל|نحن وشركاؤنا|قبول الكل|خصوصيتك",
    "すべて同意|すべて許可|同意して続ける|クッキーを使用|プライバシーを尊重|接受所有|接受全部|我们和我们的合作伙伴|同意并继续|我們重視您的隱私|全部接受|모두 동의|모두 수락|쿠키를 사용|chấp nhận tất cả|terima semua|ยอมรับทั้งหมด",
];

static CONSENT_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = CONSENT_FORMS.iter().flat_map(|line| line.split('|'));
    let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words);
    automaton.expect("the table is small")
});

/// How many different things that consent forms say stand in a text in lower case.
pub(super) fn count_consent(text: &str) -> usize {
    let mut said: Vec<_> = CONSENT_WORDS.find_iter(text).map(|found| found.pattern()).collect();
    said.sort_unstable();
    said.dedup();
    said.len()
}

/// Titles and headings of pages that ask for patience.
pub(super) const MAINTENANCE: &[&str] = &[
    "maintenance",
    "under maintenance",
    "maintenance mode",
    "be right back",
    "back soon",
    "be back",
    "back shortly",
    "under construction",
    "coming soon",
    "temporarily unavailable",
    "temporarily down",
    "service unavailable",
    "wartung",
    "wartungsarbeiten",
    "wartungsmodus",
    "in kürze zurück",
    "bald zurück",
    "vorübergehend nicht erreichbar",
    "mantenimiento",
    "en construcción",
    "manteniment",
    "en maintenance",
    "momentanément indisponible",
    "temporairement indisponible",
    "manutenzione",
    "manutenção",
    "em manutenção",
    "onderhoud",
    "underhåll",
    "vedligeholdelse",
    "vedlikehold",
    "huoltokatko",
    "huolto",
    "konserwacja",
    "przerwa techniczna",
    "prace techniczne",
    "údržba",
    "probíhá údržba",
    "karbantartás",
    "mentenanță",
    "održavanje",
    "технические работы",
    "технических работ",
    "техническое обслуживание",
    "профилактические работы",
    "технічні роботи",
    "поддръжка",
    "bakım",
    "bakımda",
    "συντήρηση",
    "维护",
    "系统维护",
    "維護",
    "メンテナンス",
    "점검",
    "서비스 점검",
    "bảo trì",
    "pemeliharaan",
    "ปิดปรับปรุง",
    "صيانة",
    "الصيانة",
    "תחזוקה",
    "रखरखाव",
];

/// What is said where a domain has no site any more.
pub(super) const PARKED: &[&str] = &[
    "domain is for sale",
    "domain name is for sale",
    "domain may be for sale",
    "domain for sale",
    "domain is parked",
    "domain parked",
    "parked domain",
    "domain parking",
    "buy this domain",
    "this domain has expired",
    "domain name has expired",
    "domain has been suspended",
    "domain ist geparkt",
    "domain steht zum verkauf",
    "diese domain kaufen",
    "domain zu verkaufen",
    "domaine est à vendre",
    "nom de domaine est à vendre",
    "dominio está en venta",
    "dominio en venta",
    "dominio è in vendita",
    "domínio está à venda",
    "domein is te koop",
    "domeinnaam te koop",
    "domena jest na sprzedaż",
    "doména je na prodej",
    "домен продается",
    "домен продаётся",
    "домен припаркован",
    "域名出售",
    "このドメインは売り出し中",
    "도메인 판매",
];

/// Whether a text in lower case holds one of `phrases` as words of its own, as far as its script has spaces.
pub(super) fn says(text: &str, phrases: &[&str]) -> bool {
    // Thai, Chinese, Japanese and Korean write on without a space.
    let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && c < '\u{e00}');
    phrases.iter().any(|phrase| {
        text.match_indices(phrase).any(|(at, _)| {
            !goes_on(text[..at].chars().next_back()) && !goes_on(text[at + phrase.len()..].chars().next())
        })
    })
}

/// Whether a short page is one of the scripts that send a visitor back with a proof.
pub(super) fn is_challenge_script(markup: &str) -> bool {
    CHALLENGE_SCRIPTS.iter().any(|mark| markup.contains(mark))
}
