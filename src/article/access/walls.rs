//! What a wall says where a text ends: that the rest is for those who pay, subscribe or sign in. Offers alone (`Subscribe to our
//! newsletter`) are no walls; a phrase is one when it speaks of reading on, of the article, or of whom it is for.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// Letters before the phrase in a block of the text itself: a sentence that mentions a wall is none.
const BEFORE: usize = 12;

/// The phrase of a wall in a short text. In a block of the article's own text it must be what the block begins with.
pub(super) fn said(text: &str, is_text: bool) -> Option<&'static str> {
    let text = text.to_lowercase().replace('’', "'");
    let (automaton, phrases) = &*PHRASES;
    let found = automaton.find_iter(&text).find(|found| {
        let is_word = !text[..found.start()].chars().next_back().is_some_and(|c| c.is_alphanumeric() && c < '\u{e00}');
        is_word && (!is_text || text[..found.start()].chars().count() <= BEFORE)
    })?;
    phrases.get(found.pattern().as_usize()).copied()
}

static PHRASES: LazyLock<(AhoCorasick, Vec<&'static str>)> = LazyLock::new(|| {
    let phrases: Vec<&str> = TABLE.iter().flat_map(|line| line.split('|')).map(str::trim).collect();
    let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&phrases);
    (automaton.expect("the table is small"), phrases)
});

/// A language or two a line, in lower case, with straight apostrophes.
const TABLE: &[&str] = &[
    // English
    "subscribe to continue|subscribe to read|subscribe to keep reading|subscribe to unlock|subscribe now to read|subscribe now to continue",
    "subscribe for full access|subscribe to get full access|subscribe to access|subscribe to view|subscribe for unlimited access to",
    "to continue reading|to keep reading|to read the full|to read the rest|to read this article|to read this story|to unlock this",
    "continue reading with a|continue reading your article with|keep reading with a|unlock this article|unlock the full article|unlock the rest",
    "this article is for subscribers|this article is for paying|this article is for members|this article is only available to|this article is available to subscribers",
    "this content is for subscribers|this content is for members|this content is only available to|this story is for subscribers|this post is for paid|this post is for paying",
    "this post is for subscribers|for paid subscribers|available to subscribers only|for subscribers only|subscribers only content|members-only story|member-only story",
    "exclusive to subscribers|exclusive to members|exclusively for subscribers|already a subscriber? log in to|you've reached your article limit|you have reached your article limit",
    "you have reached your limit of|you've reached your limit of|you've read your last free|you have read your last free|your free articles|last free article|free articles remaining|free article remaining|remaining free articles",
    "register to continue|register to read|sign in to continue|sign in to read|log in to continue|log in to read|login to continue reading|create a free account to continue|create a free account to read|register for free to continue",
    "the rest of this article|purchase this article|buy this article|this is premium content|this is a premium article|this is a subscriber",
    // German
    "weiterlesen mit|jetzt weiterlesen|um weiterzulesen|sie möchten weiterlesen|wollen sie weiterlesen|lesen sie weiter mit|weiter lesen mit|diesen artikel weiterlesen|artikel weiterlesen",
    "nur für abonnenten|nur für abonnentinnen|exklusiv für abonnent|dieser artikel ist kostenpflichtig|dieser inhalt ist kostenpflichtig|dieser artikel ist für abonnent|mit einem abo lesen|mit abo weiterlesen",
    "jetzt abonnieren und weiterlesen|abonnieren, um weiterzulesen|diesen artikel freischalten|artikel freischalten|diesen artikel kaufen|anmelden und weiterlesen|registrieren und weiterlesen|bereits abonnent? hier anmelden|mit plus weiterlesen|mit + weiterlesen",
    // French
    "réservé aux abonnés|réservée aux abonnés|réservé à nos abonnés|réservés aux abonnés|réservé aux abonné·es|pour lire la suite|lire la suite de cet article|abonnez-vous pour lire|abonnez-vous pour continuer|abonnez-vous pour accéder",
    "de cet article à lire|la suite est réservée|cet article est réservé|ce contenu est réservé|pour poursuivre votre lecture|pour continuer votre lecture|pour continuer la lecture|pour poursuivre la lecture|article réservé aux|s'abonner pour lire|connectez-vous pour lire|débloquez cet article",
    // Spanish, Catalan, Galician
    "suscríbete para seguir leyendo|suscríbete para continuar|suscríbete para leer|suscríbase para seguir|suscríbase para leer|para seguir leyendo|para continuar leyendo|sigue leyendo con|solo para suscriptores|sólo para suscriptores|exclusivo para suscriptores|contenido exclusivo para",
    "regístrate para seguir leyendo|regístrate para leer|inicia sesión para seguir leyendo|artículo solo para|noticia exclusiva para|este contenido es exclusivo|hazte premium|per continuar llegint|només per a subscriptors|exclusiu per a subscriptors",
    // Portuguese
    "assine para continuar|assine para ler|para continuar lendo|para continuar a ler|continue lendo com|exclusivo para assinantes|só para assinantes|conteúdo exclusivo para|conteúdo restrito|este artigo é exclusivo|artigo exclusivo para|para ler o artigo completo|leia a matéria completa assinando|cadastre-se para continuar|faça login para continuar",
    // Italian, Romanian
    "per continuare a leggere|abbonati per continuare|abbonati per leggere|continua a leggere con|riservato agli abbonati|contenuto riservato|articolo riservato|solo per abbonati|questo articolo è riservato|esclusivo per gli abbonati|accedi per continuare a leggere|registrati per continuare|pentru a continua lectura|abonează-te pentru a|conținut exclusiv pentru abonați|articol disponibil doar",
    // Dutch, Afrikaans
    "om verder te lezen|verder lezen met|lees verder met|lees dit artikel verder|verder lezen?|alleen voor abonnees|exclusief voor abonnees|dit artikel is alleen voor|dit artikel is exclusief|abonneer je om|word abonnee om|log in om verder|om dit artikel te lezen|teken in om|slegs vir intekenaars",
    // Swedish, Norwegian, Danish, Icelandic, Finnish
    "för att läsa vidare|för att fortsätta läsa|läs vidare med|endast för prenumeranter|bara för prenumeranter|exklusivt för prenumeranter|innehåll för prenumeranter|prenumerera för att läsa|logga in för att läsa|låst artikel",
    "for å lese videre|for å lese hele saken|les videre med|kun for abonnenter|bare for abonnenter|forbeholdt abonnenter|saken er forbeholdt|for at læse videre|læs videre med|for at læse resten|kræver abonnement|krever abonnement|kun for medlemmer|fyrir áskrifendur",
    "jatka lukemista|vain tilaajille|tilaajille|lue koko artikkeli tilaamalla|tilaa ja lue|tämä artikkeli on tilaajille|tämä sisältö on tilaajille",
    // Polish, Czech, Slovak
    "aby czytać dalej|czytaj dalej z|dalsza część artykułu|pozostało do przeczytania|tylko dla prenumeratorów|dla prenumeratorów|tylko dla subskrybentów|artykuł dostępny tylko|wykup dostęp|dostęp tylko dla|kup dostęp|ten artykuł jest dostępny tylko|treść dostępna dla",
    "pouze pro předplatitele|jen pro předplatitele|zbývá vám přečíst|celý článek si přečtou|tento článek je pouze|tento článek je určen|odemkněte článek|pro pokračování ve čtení|obsah pro předplatitele|len pre predplatiteľov|tento článok je určený|pokračovanie článku|odomknite|celý článok si prečítajú|obsah pre predplatiteľov",
    // Hungarian, Slovene, Croatian, Serbian
    "előfizetőknek|csak előfizetőink|előfizetőink számára|a cikk folytatásához|az olvasás folytatásához|fizess elő és olvas|samo za naročnike|za nadaljevanje branja|samo za pretplatnike|sadržaj za pretplatnike|za nastavak čitanja|pretplatite se za|pretplatite se kako|само за претплатнике",
    // Russian, Ukrainian, Bulgarian
    "чтобы продолжить чтение|чтобы читать дальше|чтобы прочитать полностью|доступно только подписчикам|доступно по подписке|только для подписчиков|материал доступен подписчикам|доступен только по подписке|доступна только по подписке|доступно только по подписке|только по подписке|материал для подписчиков|оформите подписку, чтобы|подпишитесь, чтобы читать|подпишитесь, чтобы прочитать|полный текст доступен",
    "щоб продовжити читання|щоб читати далі|лише для передплатників|тільки для передплатників|доступно за передплатою|оформіть передплату, щоб|само за абонати|за да продължите да четете|съдържание за абонати",
    // Greek, Turkish, Baltic languages
    "για να συνεχίσετε την ανάγνωση|μόνο για συνδρομητές|αποκλειστικά για συνδρομητές|για συνδρομητές|okumaya devam etmek için|yalnızca aboneler|sadece aboneler|abonelere özel|bu içerik abonelere|abone olarak okumaya devam",
    "tik prenumeratoriams|norėdami skaityti toliau|lai turpinātu lasīt|tikai abonentiem|abonentiem|edasi lugemiseks|ainult tellijatele|artikli lugemiseks",
    // Semitic languages, Persian, Hindi
    "لمتابعة القراءة|لقراءة المزيد اشترك|اشترك لمتابعة|للمشتركين فقط|هذا المحتوى للمشتركين|להמשך קריאה|למנויים בלבד|כתבה זו למנויים|הכתבה המלאה למנויים|برای ادامه مطالعه|ویژه مشترکان|فقط برای مشترکین|पूरा पढ़ने के लिए|आगे पढ़ने के लिए सब्सक्राइब|केवल सदस्यों के लिए",
    // Japanese, Chinese, Korean
    "この記事は有料|有料会員限定|会員限定|この記事は会員|続きを読むには|この続きは|続きは有料|有料記事|会員登録すると続き|ログインして続きを読む|ここから先は",
    "本文为付费|付费内容|会员专享|会员专属|订阅后继续阅读|订阅以继续阅读|继续阅读请|登录后继续阅读|开通会员|购买后阅读|付費內容|訂閱後繼續閱讀|會員限定|會員專享|加入會員繼續閱讀|訂戶專享|登入後繼續閱讀|解鎖全文|解锁全文",
    "유료회원 전용|유료 회원 전용|구독자 전용|유료 구독자|회원 전용|로그인 후 이용|계속 읽으려면|이어서 보려면|전문을 보시려면|프리미엄 콘텐츠|유료 기사",
    // South-east Asia
    "để đọc tiếp|đăng ký để đọc|bài viết dành cho hội viên|dành riêng cho thuê bao|untuk melanjutkan membaca|berlangganan untuk membaca|khusus pelanggan|konten premium|untuk terus membaca|เพื่ออ่านต่อ|สำหรับสมาชิกเท่านั้น|สมัครสมาชิกเพื่ออ่าน",
];

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn walls_are_known_in_many_languages() {
        for line in [
            "Subscribe to continue reading",
            "You’ve read your last free article.",
            "Jetzt weiterlesen mit einem Probeabo",
            "Article réservé aux abonnés",
            "Il vous reste 72 % de cet article à lire.",
            "Suscríbete para seguir leyendo",
            "Este conteúdo é exclusivo para assinantes.",
            "Contenuto riservato agli abbonati",
            "Om verder te lezen heb je een abonnement nodig",
            "För att läsa vidare behöver du logga in",
            "Kun for abonnenter",
            "Tämä artikkeli on tilaajille",
            "Aby czytać dalej, wykup prenumeratę",
            "Článek je pouze pro předplatitele",
            "A cikk folytatásához fizessen elő",
            "Чтобы читать дальше, оформите подписку",
            "Лише для передплатників",
            "Μόνο για συνδρομητές",
            "Okumaya devam etmek için abone olun",
            "למנויים בלבד",
            "للمشتركين فقط",
            "この記事は有料会員限定です。",
            "登录后继续阅读",
            "유료회원 전용 기사입니다",
            "Đăng ký để đọc tiếp",
        ] {
            assert!(said(line, false).is_some(), "{line}");
        }
    }

    #[test]
    fn offers_are_no_walls() {
        for line in [
            "Subscribe to our newsletter",
            "Get the best of the day in your inbox",
            "Newsletter abonnieren",
            "Recevez notre lettre du soir",
            "Continue reading",
            "Lire aussi : la mairie",
            "Already a subscriber?",
            "Become a member and support our work",
        ] {
            assert_eq!(said(line, false), None, "{line}");
        }
    }

    #[test]
    fn a_sentence_of_the_text_that_speaks_of_a_wall_is_none() {
        assert_eq!(said("Visitors of the site are told to subscribe to continue reading.", true), None);
        assert_eq!(said("Subscribe to continue reading.", true), Some("subscribe to continue"));
    }
}
