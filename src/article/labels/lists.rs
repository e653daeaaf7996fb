//! The labels, in lower case, between bars: a language or some neighbours a line.

/// Links that the publisher calls related.
pub(super) const RELATED: &[&str] = &[
    "read more|read also|also read|see also|related|related article|related articles|related story|related stories|more on this|\
     more on this story|more on this topic|more on the story|read next|also on|further reading|related coverage|related content|\
     related news|related topics|related links|related posts|related post|related reading|recommended reading|\
     read the full story|read our full story|also see|in depth|background|more stories like this|similar articles|\
     you can also read|read full story|related video|related videos|watch more|more related news|read this|\
     continue reading|more from this series|more in this series|more information|see related|also in this series|\
     similar stories|similar posts|read",
    "lesen sie auch|lesen sie mehr|zum weiterlesen|weiterführender link|weiterführende informationen|verwandte themenbereiche|\
     lesen sie hier|mehr zum thema|mehr dazu|siehe auch|auch interessant|mehr lesen|weiterlesen|zum thema|lesetipp|\
     lesen sie dazu|lesen sie dazu auch|verwandte artikel|passend zum thema|ähnliche artikel|weiterführende links|lesen sie|\
     mehr zu diesem thema|weitere artikel zum thema|hintergrund|ähnliche beiträge|verwandte themen|mehr infos|auch lesenswert|\
     lies auch|lies mehr|lesen sie weiter|verwandte beiträge|erfahren sie mehr|artikel zum thema|links zum thema|dazu mehr|\
     lesen sie zum thema",
    "lire aussi|à lire aussi|a lire aussi|lire également|voir aussi|sur le même sujet|pour aller plus loin|à voir aussi|à lire|\
     lire la suite|à lire également|articles liés|en savoir plus|lire|dans la même rubrique|sur le même thème|voir également|\
     articles similaires|articles connexes|lisez aussi|à lire sur le sujet|plus d'informations|aussi sur le sujet|nos articles",
    "lea también|lee también|leer más|más información|noticias relacionadas|relacionado|relacionada|relacionadas|relacionados|\
     ver también|lea además|artículos relacionados|leé también|leé más|lea más|lee más|mira también|le puede interesar leer|\
     contenido relacionado|también lee|también lea|temas relacionados|lee además|más sobre este tema|noticia relacionada",
    "leia também|leia mais|veja também|saiba mais|relacionadas|notícias relacionadas|artigos relacionados|ler mais|leia ainda|\
     matérias relacionadas|conteúdo relacionado|leia|veja mais|ler também|posts relacionados|confira também",
    "leggi anche|leggi di più|approfondisci|vedi anche|articoli correlati|correlati|per approfondire|leggi|leggi tutto|\
     notizie correlate|guarda anche|leggi l'articolo|approfondimento|approfondimenti|continua a leggere|sullo stesso argomento",
    "lees ook|lees meer|zie ook|gerelateerd|bekijk ook|verder lezen|gerelateerde artikelen|lees verder|meer over dit onderwerp|\
     lees hier meer|meer lezen|gerelateerd nieuws|meer over dit thema|gerelateerde berichten|lees hier verder",
    "läs också|läs även|läs mer|se även|relaterat|relaterade artiklar|läs vidare|mer om ämnet|se också|relaterade nyheter|\
     mer i ämnet",
    "les også|les mer|se også|relatert|relaterte saker|les saken|relaterte artikler|les også saken|flere saker om temaet",
    "læs også|læs mere|relateret|relaterede artikler|læs videre|læs hele historien|mere om emnet|relateret indhold|\
     læs også artiklen",
    "lue myös|lue lisää|katso myös|aiheesta lisää|lisää aiheesta|lue seuraavaksi|lue aiheesta|lue koko juttu|lue myös nämä",
    "lesa meira|tengdar fréttir|sjá einnig|tengdar greinar|lestu einnig|sjá nánar|tengt efni",
    "czytaj też|czytaj także|czytaj więcej|zobacz także|zobacz też|zobacz również|przeczytaj także|przeczytaj też|powiązane|\
     powiązane artykuły|czytaj również|podobne artykuły|czytaj dalej|przeczytaj również|więcej na ten temat|sprawdź też|\
     powiązane tematy|przeczytaj więcej|zobacz więcej",
    "čtěte také|přečtěte si také|čtěte více|související|viz také|související články|čtěte i|více k tématu|přečtěte si|\
     přečtěte si více|související zprávy|k tématu|súvisiace správy|viac na túto tému",
    "čítajte aj|čítajte tiež|prečítajte si|prečítajte si aj|súvisiace|súvisiace články|viac k téme",
    "llegiu també|llegeix també|llegeix més|més informació|notícies relacionades|articles relacionats|le tamén|ler máis|\
     novas relacionadas|irakurri gehiago|irakurri ere|lotutako albisteak|darllenwch fwy|darllenwch hefyd|léigh freisin|\
     léigh níos mó",
    "həmçinin oxuyun|oxşar xəbərlər|əlaqəli xəbərlər|shuningdek o'qing|mavzuga oid|тағы оқыңыз|сондай-ақ оқыңыз|\
     ұқсас жаңалықтар|мөн унших|холбоотой мэдээ|ასევე წაიკითხეთ|წაიკითხეთ ასევე|ასევე ნახეთ|მსგავსი სიახლეები|წაიკითხეთ მეტი|\
     կարդացեք նաև|կարդացեք ավելին|նմանատիպ նյութեր",
    "olvassa el|kapcsolódó|lásd még|ezt is olvassa|kapcsolódó cikkek|olvasta már|ezt is olvassa el|kapcsolódó cikk|\
     kapcsolódó anyagok|cikkek a témában|olvasson tovább|ehhez kapcsolódik",
    "citește și|citeşte şi|citește mai mult|vezi și|articole similare|citeste si|citiți și|știri pe aceeași temă|\
     citește mai departe|vezi mai mult|pe același subiect|citiți mai mult|articole asemănătoare|știri similare|articole legate",
    "ayrıca okuyun|ilgili haberler|devamını oku|ayrıca bakınız|benzer haberler|ilgili|ilgili haber|bunu da oku|bunu da okuyun|\
     ayrıca oku|ayrıca bkz|haberin devamı|ilgili içerikler",
    "читайте также|читать также|читайте ещё|читайте еще|читать далее|по теме|материалы по теме|смотрите также|новости по теме|\
     ещё по теме|еще по теме|подробнее|похожие|похожие новости|похожие статьи|см. также|читайте по теме|статьи по теме|\
     читайте подробнее|читать|читайте|сюжеты по теме|также по теме|другие статьи по теме|ещё на эту тему|еще на эту тему|\
     на эту тему|материал по теме|читать ещё|читать еще|чытайце таксама|глядзіце таксама|па тэме",
    "читайте також|також читайте|дивіться також|за темою|читайте|матеріали за темою|схожі|новини за темою|читати також|\
     читайте більше|детальніше|дивись також|читай також|по темі|схожі новини|пов'язані новини|матеріали по темі|читати далі",
    "още по темата|вижте още|прочетете още|прочетете и|свързани новини|още по тази тема|прочети още|вижте също|виж още|\
     четете още|четете също|свързани статии|свързани|прочитајте и|прочитај и|поврзани вести|поврзано|прочитајте повеќе",
    "pročitajte još|pročitajte i|povezano|povezane vijesti|povezani članci|pročitajte više|vezane vijesti|preberite tudi|\
     pročitaj još|sorodne novice|прочитајте још|повезане вести|čitajte još|opširnije|slični članci|pogledajte još|\
     povezani sadržaj|preberite še|preberi še|preberi tudi|beri še|povezane novice|povezani članki|прочитајте још и|\
     погледајте још|повезани чланци|сродне вести|опширније|lexo edhe|lexoni edhe|lexo gjithashtu|lexo më shumë|\
     artikuj të ngjashëm|lajme të ngjashme",
    "διαβάστε επίσης|διαβάστε ακόμη|δείτε επίσης|σχετικά|διαβάστε ακόμα|σχετικά άρθρα|διαβάστε|διαβάστε περισσότερα|δείτε ακόμα|\
     δείτε ακόμη|σχετικές ειδήσεις|διάβασε ακόμα|διάβασε επίσης",
    "taip pat skaitykite|skaitykite taip pat|susiję|skaityti daugiau|lasi arī|lasi vēl|saistītie raksti|loe ka|loe lisaks|\
     loe veel|seotud|seotud lood|susiję straipsniai|skaitykite daugiau|skaityk daugiau|skaitykite ir|susijusios naujienos|\
     susiję įrašai|lasi vairāk|lasiet arī|saistītie|līdzīgi raksti|skaties arī|loe rohkem|loe edasi|vaata ka|seotud artiklid",
    "関連記事|あわせて読みたい|関連リンク|関連ニュース|関連|こちらも|合わせて読みたい|関連情報|関連トピックス|続きを読む|関連動画|こちらも読まれています|関連する記事|併せて読みたい|関連コンテンツ|関連ページ|詳しくはこちら|\
     こちらの記事も|関連特集",
    "相关阅读|相關閱讀|相关新闻|相關新聞|延伸阅读|延伸閱讀|相关文章|相關文章|相关报道|相關報導|关连阅读|相关链接|相關連結|更多阅读|更多新聞|看更多|閱讀更多|阅读更多|相关推荐|参考阅读|延伸報導|相關報道|相关专题|相关内容|\
     相關內容|相关资讯|更多報導|更多报道|相關主題|相關影片|相关视频|相关话题",
    "관련기사|관련 기사|더 보기|관련뉴스|관련 뉴스|관련 글|함께 읽기|관련 콘텐츠|더 읽기|연관 기사|연관기사|관련 보도|관련 영상|같이 읽기|이어서 보기|관련 기사 보기",
    "xem thêm|đọc thêm|tin liên quan|bài viết liên quan|bài liên quan|tin cùng chuyên mục|tin tức liên quan|xem chi tiết|\
     tham khảo thêm",
    "baca juga|lihat juga|artikel terkait|berita terkait|baca selengkapnya|simak juga|berita berkaitan|baca lagi|\
     artikel lainnya|baca|terkait|simak|artikel berkaitan|baca selanjutnya|basahin din|basahin|basahin pa|magbasa pa|\
     kaugnay na balita|kaugnay na mga balita",
    "อ่านเพิ่มเติม|ข่าวที่เกี่ยวข้อง|อ่านข่าว|อ่านต่อ|บทความที่เกี่ยวข้อง|อ่านข่าวเพิ่มเติม|ข่าวเกี่ยวข้อง|เรื่องที่เกี่ยวข้อง|\
     อ่านประกอบ|อ่านเพิ่ม|อ่านข่าวที่เกี่ยวข้อง|ดูเพิ่มเติม|អានបន្ថែម|អត្ថបទទាក់ទង|ព័ត៌មានទាក់ទង|ອ່ານຕື່ມ|ຂ່າວທີ່ກ່ຽວຂ້ອງ|\
     ဆက်စပ်သတင်းများ|ဆက်လက်ဖတ်ရှုရန်|ပိုမိုဖတ်ရှုရန်",
    "यह भी पढ़ें|ये भी पढ़ें|इसे भी पढ़ें|संबंधित|और पढ़ें|यह भी पढ़े|ये भी पढ़े|इसे भी पढ़े|संबंधित खबरें|हे ही वाचा|हेही वाचा|\
     संबंधित बातम्या|संबंधित लेख|और भी पढ़ें|यह भी देखें|ये भी देखें|आणखी वाचा|हे पण वाचा|यो पनि पढ्नुहोस्|सम्बन्धित समाचार|\
     सम्बन्धित",
    "আরও পড়ুন|আরো পড়ুন|সম্পর্কিত|আরও খবর|সম্পর্কিত খবর|மேலும் படிக்க|இதையும் படிங்க|இதையும் படியுங்கள்|ఇది కూడా చదవండి|\
     ఇవి కూడా చదవండి|আরও দেখুন|সম্পর্কিত সংবাদ|இதையும் படிக்க|தொடர்புடைய செய்திகள்|மேலும் வாசிக்க|మరింత చదవండి|సంబంధిత వార్తలు|\
     ಇದನ್ನೂ ಓದಿ|ಇದನ್ನು ಓದಿ|ಮತ್ತಷ್ಟು ಓದಿ|ಸಂಬಂಧಿತ ಸುದ್ದಿ|കൂടുതൽ വായിക്കുക|ഇതും വായിക്കുക|ബന്ധപ്പെട്ട വാർത്തകൾ|આ પણ વાંચો|\
     વધુ વાંચો|સંબંધિત સમાચાર|ਇਹ ਵੀ ਪੜ੍ਹੋ|ਹੋਰ ਪੜ੍ਹੋ|තවත් කියවන්න",
    "اقرأ أيضا|اقرأ أيضاً|إقرأ أيضا|مواضيع ذات صلة|شاهد أيضا|اقرأ المزيد|أخبار ذات صلة|اقرأ أيضًا|موضوعات متعلقة|إقرأ أيضاً|\
     مقالات ذات صلة|أخبار متعلقة|اقرا ايضا|طالع أيضا|للمزيد|مواضيع متعلقة|موضوعات ذات صلة|ذات صلة",
    "بیشتر بخوانید|همچنین بخوانید|مطالب مرتبط|مرتبط|اخبار مرتبط|مزید پڑھیں|یہ بھی پڑھیں|مزید پڑھیے|متعلقہ خبریں|متعلقہ|\
     مزید پڑھئے|همچنین ببینید|خبرهای مرتبط|بخوانید|بیشتر بدانید",
    "קראו גם|עוד בנושא|כתבות נוספות|קרא עוד|לקריאה נוספת|כתבות קשורות|קראו עוד|עוד באותו נושא|ראו גם|עוד כתבות בנושא|\
     כתבות נוספות בנושא|עוד בנושא זה",
    "soma zaidi|soma pia|verwante artikels|lees hier|gerelateerde nuus|habari zinazohusiana|taarifa zinazohusiana|pia soma|\
     endelea kusoma|verwante stories|verwante nuus|ተጨማሪ ያንብቡ|ተዛማጅ ዜናዎች|ይህንንም ያንብቡ",
];

/// What begins a line that names the subject on which there is more.
pub(super) const ON_SUBJECTS: &[&str] = &[
    "more on|more about|read more on|read more about|read more in|mehr zu|mehr über|mehr infos zu|mehr informationen zu|plus sur|más sobre",
    "mais sobre|meer over|mer om|lisää aiheesta|więcej o|více o|viac o|больше о|ещё о|більше про|περισσότερα για",
];

/// Links that a machine chose.
pub(super) const RECIRCULATION: &[&str] = &[
    "most read|more videos|more videos for you|must read|must reads|most popular|trending|trending this week|more from this site|trending now|recommended|\
     recommended for you|don't miss|up next|latest news|latest|latest stories|latest posts|recent posts|recent articles|\
     recent news|popular|popular posts|popular articles|top stories|top news|more news|more stories|more articles|\
     editor's picks|editors' picks|editor's choice|more from|featured|most viewed|most commented|most shared|in other news|\
     other stories|other news|next article|previous article|next post|previous post|next story|previous|next|\
     from around the web|around the web|from the web|promoted stories|sponsored stories|promoted content|sponsored content|\
     what to read next|next up|more in|more headlines|headlines|best of|recently published|what's new|today's top stories|\
     more top stories|suggested for you|keep reading|discover more|explore more|picked for you|news feed|partner content|\
     most recent|all news|recommended stories",
    "mehr videos|mehr videos für dich|weitere videos|weitere beiträge aus der kolumne|weitere artikel|mehr artikel|empfohlen|meistgelesen|meistgelesene artikel|\
     empfehlungen der redaktion|neueste artikel|aktuelle nachrichten|beliebte artikel|top-themen|weitere nachrichten|\
     mehr nachrichten|die neuesten artikel|neueste beiträge|weitere themen|weitere meldungen|weitere beiträge|aktuelle beiträge|\
     vorheriger artikel|nächster artikel|mehr aus",
    "les plus lus|à la une|articles recommandés|dernières actualités|articles récents|à ne pas manquer|les plus populaires|\
     recommandé pour vous|article suivant|article précédent",
    "más noticias|lo más leído|más leídas|lo último|últimas noticias|te recomendamos|recomendados|lo más visto|no te pierdas|\
     artículos recientes",
    "mais lidas|mais lidos|últimas notícias|recomendados para você|mais notícias|recomendadas|notícias recentes|i più letti|\
     ultime notizie|più letti|articoli recenti",
    "meest gelezen|aanbevolen|meer nieuws|laatste nieuws|mest läst|mest lest|mest læst|luetuimmat|fler artiklar|flere saker|\
     uusimmat|senaste nytt|siste nytt|seneste nyt|anbefalt|anbefalet",
    "polecamy|najczęściej czytane|najnowsze|nejčtenější|legolvasottabb|további cikkek|çok okunanlar|son haberler|daha fazla|\
     cele mai citite|recomandări|najčitanije|najnovije",
    "популярное|самое читаемое|другие материалы|другие новости|последние новости|главные новости|больше новостей|більше новин|\
     популярні новини|останні новини|рекомендуем|лента новостей|новости партнеров|най-четени",
    "おすすめ|おすすめ記事|人気記事|ランキング|アクセスランキング|新着記事|最新記事|热门推荐|推荐阅读|推薦閱讀|热门文章|熱門文章|最新文章|热门新闻|熱門新聞|為您推薦|추천|추천 기사|많이 본 뉴스|인기기사|인기 기사|최신기사|\
     실시간 인기기사|주요뉴스",
    "tin mới nhất|đọc nhiều|terpopuler|berita terbaru|rekomendasi untuk anda|ข่าวล่าสุด|ข่าวยอดนิยม|الأكثر قراءة|آخر الأخبار|\
     الأكثر مشاهدة|المزيد|پربازدیدترین|הנקראות ביותר|ताज़ा खबरें|सबसे ज्यादा पढ़ी गई|सर्वाधिक वाचलेले",
];

/// What a machine or an editor chose: related inside an article or in a box that its name calls so, recirculation elsewhere.
pub(super) const INTEREST: &[&str] = &[
    "more|you might like|you may also like|you might also like|you may like|you may also be interested in|\
     you might be interested in|more like this|das könnte sie auch interessieren|das könnte dich auch interessieren|\
     das könnte ihnen auch gefallen|vous aimerez aussi|vous pourriez aimer|ça peut vous intéresser|también te puede interesar|\
     te puede interesar|le puede interesar|te puede gustar|quizás te interese|você pode gostar|potrebbe interessarti|\
     potrebbero interessarti|ti potrebbe interessare|dit vind je misschien ook interessant|mohlo by vás zajímat|\
     mohlo by vás zaujímať|bunlar da ilginizi çekebilir|вам может быть интересно|猜你喜欢|你可能也喜欢|你可能會喜歡|함께 보면 좋은|\
     có thể bạn quan tâm|قد يعجبك أيضا",
];

/// Parts of a page that are not its article.
pub(super) const FURNITURE: &[&str] = &[
    "share|share this|share this article|share this story|share this post|share on|share on facebook|share on twitter|\
     share on x|share via email|share this page|share on social media|share:|tweet|tweet this|email|email this|e-mail|print|\
     print this page|print article|print this article|save|copy link|copy|link copied|like this|like this:|like|pin it|facebook|\
     twitter|linkedin|whatsapp|pinterest|reddit|telegram|instagram|youtube|tumblr|flipboard|follow|follow us|follow us on|\
     follow us on twitter|follow us on facebook|follow me|loading|loading...|advertisement|advertisements|ad|ads|sponsored|\
     promoted|story continues below advertisement|article continues below|article continues below advertisement|\
     article continues after advertisement|continue reading below|scroll to continue|scroll to continue with content|\
     story continues below|skip advertisement|advertisement - scroll to continue|click to comment",
    "comments|comment|leave a comment|leave a reply|post a comment|add a comment|add comment|0 comments|no comments|\
     join the conversation|join the discussion|view comments|show comments|comments are closed|comments are closed.|\
     write a comment|have your say|responses|reply|log in to comment|discussion|comments (0)|what do you think|\
     what do you think?|be the first to comment|reader comments|recent comments|cancel reply|\
     your email address will not be published|load more comments|view all comments|read comments|share your thoughts",
    "tags|tag|topics|topic|filed under|categories|category|posted in|tagged|keywords|labels|about the author|about the authors|\
     author|about us|written by|contact us|contact|biography|our standards|article tags|in this article|in this story|\
     table of contents|contents|on this page|jump to|post navigation|navigation|menu|search|home|back to top|top|subscribe|\
     subscribe now|sign up|sign in|log in|login|register|newsletter|newsletters|sign up for our newsletter|\
     subscribe to our newsletter|get the newsletter|email address|join our newsletter|stay up to date|stay informed|\
     stay connected|get our newsletter|support us|donate|become a member|donate now|support our journalism|privacy policy|\
     terms of use|terms of service|cookie policy|close|skip|skip to content|skip to main content|watch|watch now|listen|\
     listen now|listen to this article|play|pause|mute|video|photos|photo|gallery|view gallery|photo gallery|image|show more|\
     load more|see all|view all|show less|expand|read less|was this helpful|was this helpful?|was this article helpful?|\
     was this page helpful?|rate this|rate this article|report a problem|report an error|suggest a correction|\
     request a correction|corrections|download|download pdf|cite|cite this article|cite this|citation|permissions|reprints|\
     get permissions|view pdf|trackbacks|pingbacks|archives|most popular tags|edit|edit this page|hide caption|toggle caption|\
     enlarge this image|view image in fullscreen|click to enlarge|image source|getty images|photo credit|image credit|\
     follow the topics in this article|explore more on these topics|get our app|download our app|start your free trial|\
     get started|buy now|shop now|learn more about us|by|posted by|about this article|trending topics|\
     notify me of follow-up comments by email.|notify me of new posts by email.|this entry was posted in|share this:|\
     related tags",
    "teilen|artikel teilen|markiert mit|folgen sie uns auf|rezept drucken|bild anzeigen|vorschau auf den nächsten artikel|\
     drucken|merken|kommentare|kommentar schreiben|kommentieren|kommentar verfassen|schreibe einen kommentar|anzeige|werbung|\
     schlagworte|themen|autor|über den autor|zur startseite|startseite|artikel drucken|mehr anzeigen|feedback|\
     newsletter abonnieren|nach oben|diesen artikel teilen|beitrag teilen|antworten|antwort abbrechen|inhaltsverzeichnis|quelle|\
     quellen|schlagwörter|kategorien|impressum|datenschutz|anmelden|registrieren|abonnieren|jetzt abonnieren|suche|\
     beitrags-navigation|beitragsnavigation|teile diesen beitrag|zurück|weiter|per e-mail teilen|facebook teilen|\
     auf facebook teilen|auf twitter teilen|bewerten sie diesen artikel|vorlesen|artikel merken",
    "partager|partager cet article|imprimer|commentaires|commenter|laisser un commentaire|publicité|mots-clés|étiquettes|\
     s'abonner|réagir|ajouter un commentaire|envoyer|à propos de l'auteur|sommaire|inscrivez-vous|la rédaction vous conseille",
    "compartir|imprimir|comentarios|comentar|deja un comentario|deja una respuesta|publicidad|etiquetas|suscríbete|temas|\
     archivado en|compartilhar|compartilhe|comentários|deixe um comentário|publicidade|assine|assuntos|comparte esta noticia|\
     síguenos|síguenos en|sobre el autor",
    "condividi|stampa|commenti|lascia un commento|pubblicità|iscriviti|argomenti|delen|reacties|reageer|advertentie|abonneer|\
     onderwerpen|dela|kommentarer|annons|del|annonse|annonce|jaa|kommentit|mainos|udostępnij|komentarze|reklama|dodaj komentarz|\
     tagi|sdílet|diskuze|megosztás|hirdetés|hozzászólások|paylaş|yorumlar|yorum yap|etiketler|reklam|distribuie|comentarii|\
     podijeli|komentari|deel|zdieľať|dziel się",
    "поделиться|комментарии|комментировать|оставить комментарий|реклама|теги|подписаться|подписывайтесь|распечатать|метки|\
     поділитися|коментарі|сподели|коментари|поделитесь|комментариев нет|добавить комментарий|ваш комментарий|підписатися|\
     μοιραστείτε|σχόλια|διαφήμιση|ετικέτες",
    "シェア|シェアする|ツイート|コメント|広告|タグ|印刷|目次|分享|评论|評論|广告|廣告|标签|標籤|打印|收藏|责任编辑|留言|分享到|공유|댓글|광고|태그|공유하기|인쇄|기사제보|chia sẻ|bình luận|\
     quảng cáo|từ khóa|bagikan|komentar|iklan|tag|แชร์|ความคิดเห็น|โฆษณา|แท็ก|مشاركة|شارك|تعليقات|إعلان|اشترك|طباعة|שתפו|תגובות|\
     פרסומת|שיתוף|اشتراک گذاری|نظرات|تبلیغات|शेयर करें|टिप्पणी|विज्ञापन|शेयर|কমেন্ট|শেয়ার|বিজ্ঞাপন|پرنٹ|تبصرے",
];
