//! Words that speak of furniture: who wrote, what to subscribe to, whose the rights are, what else to read, whose the picture is,
//! where to share. One stands in any sentence; several in a short block are evidence, and the judge says of how much.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// How many words of each group the beginning of a block holds.
pub(super) type Counts = [u8; GROUPS];

const GROUPS: usize = TABLE.len();

/// Bytes of a block that are looked at: furniture says early what it is.
const LOOKED_AT: usize = 600;

/// Counts words of `text`, which is in lower case.
pub(super) fn count(text: &str) -> Counts {
    let mut counts: Counts = [0; GROUPS];
    let text = &text[..text.floor_char_boundary(LOOKED_AT)];
    for found in WORDS.automaton.find_iter(text) {
        let (group, may_be_inside) = WORDS.groups[found.pattern().as_usize()];
        let begins_word = || text[..found.start()].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        if may_be_inside || begins_word() {
            counts[group] = counts[group].saturating_add(1);
        }
    }
    counts
}

struct Words {
    automaton: AhoCorasick,
    /// Of each word: its group, and whether its script writes words without spaces.
    groups: Vec<(usize, bool)>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let words: Vec<(usize, &str)> = TABLE
        .iter()
        .enumerate()
        .flat_map(|(group, lines)| lines.iter().flat_map(|line| line.split('|')).map(move |word| (group, word.trim())))
        .filter(|(_, word)| !word.is_empty())
        .collect();
    let automaton =
        AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words.iter().map(|(_, word)| word));
    let is_dense = |word: &str| {
        word.chars().any(|c| matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'))
    };
    Words {
        automaton: automaton.expect("the table is small"),
        groups: words.iter().map(|(group, word)| (*group, is_dense(word))).collect(),
    }
});

/// Beginnings of words, a group a list, a language or two a line.
const TABLE: [&[&str]; 6] = [
    // Who wrote.
    &[
        "writer|editor|reporter|journalist|correspondent|columnist|contributor|contributing|freelance|author|covers |covered |founder of|has written|bylines|co-founder|specializ|specialis|graduate|degree in|years of experience",
        "redakteur|journalist|autor|reporterin|korrespondent|schreibt|freie mitarb|volontär|rédact|journaliste|auteur|correspondant|chroniqueu",
        "periodista|redactor|autora|corresponsal|escritor|jornalista|repórter|editora|giornalista|redattore|autore|redattrice|collabora",
        "redacteur|verslaggever|skribent|toimittaja|dziennikarz|redaktor|dziennikarka|novinář|újságíró|jurnalist|gazeteci|muhabir|yazar|editör",
        "журналист|редактор|автор|корреспондент|обозреватель|журналіст|кореспондент|журналистка|αρθρογράφος|δημοσιογράφος",
        "記者|編集者|ライター|著者|プロフィール|记者|编辑|編輯|作者|责编|撰稿|기자|편집|특파원|صحفي|كاتب|محرر|מערכת|כתב|עיתונאי|पत्रकार|लेखक|संवाददाता|phóng viên|penulis|wartawan|ผู้สื่อข่าว",
    ],
    // What to subscribe to, pay, join.
    &[
        "newsletter|subscrib|subscription|sign up|sign-up|signup|inbox|donat|support us|support our|membership|become a member|join us|join our|download the|download our|our app|podcast|register|log in|free trial|your email|email address|contribution|sign in|contact us|get in touch|learn more about|request a|book a|call us|today!",
        "abonnier|spende|anmelden|registrier|mitglied|unterstütz|jetzt testen|probeabo|gratis|abonnez|abonné|inscriv|inscrire|soutenez|faites un don|infolettre",
        "suscríb|suscrip|suscrib|boletín|regístr|dona |hazte socio|assine|inscreva|cadastr|assinante|iscriv|abbonat|abboname|sostien",
        "nieuwsbrief|abonne|aanmelden|doneer|word lid|prenumerer|nyhetsbrev|abonner|nyhedsbrev|tilaa|uutiskirje|zapisz się|subskryb|prenumer|wesprzyj|odebírat|hírlevél|feliratkoz|abone ol|bülten|üye ol",
        "подпис|рассыл|пожертв|зарегистр|поддержите|скачайте|підпис|розсилк|εγγραφ|ενημερωτικό",
        "購読|登録|メールマガジン|メルマガ|会員|無料|订阅|訂閱|注册|註冊|会员|會員|下载|下載|加入|구독|가입|뉴스레터|후원|اشترك|النشرة|تبرع|הרשמה|הצטרפו|ניוזלטר|सब्सक्राइब|न्यूज़लेटर|đăng ký|berlangganan|สมัคร",
    ],
    // Whose the rights and whose the money.
    &[
        "copyright|all rights|disclaimer|disclosure|privacy|cookie|terms of|terms and|affiliate|commission|sponsor|advertis|opinions expressed|views expressed|informational purposes|trademark|licens|permission|reproduc|republish|©|reserves the right|not constitute|professional advice|consult|at no extra cost|editor's note|editor’s note|correction|standards|ethics|fact-check|this material may not|originally published|first appeared",
        "urheberrecht|alle rechte|datenschutz|haftung|anzeige|werbung|provision|impressum|nachdruck|tous droits|confidentialité|publicité|droits d'auteur|mentions légales",
        "todos los derechos|privacidad|publicidad|aviso legal|derechos reservados|todos os direitos|privacidade|publicidade|reprodução|riservat|pubblicità|riproduzione|informativa",
        "alle rechten|advertentie|voorwaarden|alla rättigheter|annons|upphovsrätt|wszelkie prawa|reklama|zastrzeżone|všechna práva|minden jog|tüm hakları|reklam|gizlilik",
        "все права|авторск|реклам|конфиденциальн|перепечатк|при использовании|усі права|всі права|πνευματικ|δικαιώματα",
        "著作権|無断|転載|広告|プライバシー|利用規約|版权|版權|转载|轉載|免责|免責|广告|廣告|隐私|隱私|声明|聲明|무단|저작권|재배포|광고|전재|حقوق|محفوظة|إعلان|الخصوصية|כל הזכויות|פרסומת|कॉपीराइट|विज्ञापन|bản quyền|hak cipta|ลิขสิทธิ์",
    ],
    // What else to read.
    &[
        "read more|see also|click here|related|recommended|more from|find out more|read also|also read|you may also|you might also|more on |watch:|listen:|read next|don't miss|don’t miss|check out|more stories|for more|follow along|stay tuned|back to top|next article|previous",
        "lesen sie|lies auch|mehr zum|mehr dazu|siehe auch|weiterlesen|hier klicken|das könnte|weitere |lire aussi|à lire|en savoir plus|voir aussi|cliquez|sur le même",
        "lea también|lee también|leer más|te puede interesar|haz clic|más información|ver también|leia também|leia mais|veja também|saiba mais|clique aqui|confira|leggi anche|leggi di più|clicca qui|potrebbe interessar",
        "lees ook|lees meer|bekijk ook|läs mer|läs också|les også|læs også|lue myös|czytaj|zobacz|przeczytaj|čtěte|přečtěte|olvass|tıklayın|ayrıca|ilgili haber|citește",
        "читайте|по теме|подробнее|смотрите также|дивіться|διαβάστε|вижте",
        "関連|こちら|続きを読む|あわせて|おすすめ|相关|相關|延伸|阅读|閱讀|点击|點擊|推荐|推薦|관련기사|더보기|바로가기|اقرأ|للمزيد|شاهد|קראו|לחצו|पढ़ें|पढ़ें|xem thêm|baca juga|อ่าน",
    ],
    // Whose the picture is.
    &[
        "photo|image|credit|courtesy|getty|ap photo|reuters|afp|file pic|pictured|illustration|caption|screenshot|video|gallery|shutterstock|istock|unsplash|flickr|source:",
        "foto|bild:|bild |quelle|dpa|picture alliance|imago|crédit|cliché|imagen|efe|imagem|divulgação|arquivo|immagine|ansa|kuva|zdjęcie|fot.|kép|fotoğraf",
        "фото|изображени|источник|скриншот|фотограф|снимк|φωτογραφ",
        "写真|画像|撮影|提供|图片|圖片|图源|摄|攝|图为|사진|자료사진|제공|صورة|تصوير|צילום|फोटो|तस्वीर|ảnh|foto:|ภาพ",
    ],
    // Where to share and to talk.
    &[
        "facebook|twitter|instagram|linkedin|whatsapp|youtube|telegram|tiktok|pinterest|reddit|share|tweet|comment|reply|replies|follow|posted|tagged|email|hashtag|login|tags|filed under|@|http|pic.twitter|t.co/",
        "teilen|kommentar|folgen|folge uns|partager|commentaire|suivez|compart|comentari|síguenos|comentário|siga |condivid|comment|segui|etiquetas",
        "delen|reacties|volg |dela |kommentera|del på|jaa |udostępnij|komentarz|sdílet|diskus|megosztás|paylaş|yorum|takip",
        "поделиться|поделитесь|комментар|теги|коментар|поділи|σχόλι|μοιραστείτε",
        "シェア|コメント|フォロー|ツイート|分享|评论|評論|关注|關注|留言|转发|微博|微信|공유|댓글|팔로우|شارك|تعليق|تابعونا|תגובות|שתפו|शेयर|टिप्पणी|chia sẻ|bình luận|bagikan|komentar|แชร์",
    ],
];

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn words_count_where_they_begin() {
        assert_eq!(count("she is a writer and editor"), [2, 0, 0, 0, 0, 0]);
        assert_eq!(count("our newsletter, in your inbox"), [0, 2, 0, 0, 0, 0]);
        assert_eq!(count("a typewriter; unsubscribed"), [0; 6]);
    }

    #[test]
    fn scripts_without_spaces_have_no_word_beginnings() {
        assert_eq!(count("本報記者")[0], 1);
        assert_eq!(count("未经授权不得转载")[2], 1);
    }
}
