"""What sites print about an article and between its paragraphs, in the words that they use for it.

Three senses are told apart: what stands for itself (an advertisement, a button), what leads to another article, and
what begins the site's own part below an article. And the words by which a site asks its readers for something, or
speaks of what it is run with.
"""

from functools import cache

import numpy as np
import polars as pl

from pipeline.article.passages import Rows
from pipeline.grammar import both_forms, listed, words

ALONE = """
advertisement | advertisements | advertising | sponsored | sponsored content | promoted
story continues below | story continues below advertisement | article continues below
article continues after advertisement | continue reading below | continue reading the main story
skip advertisement | ad feedback | report this ad | after newsletter promotion | anzeige | werbung
weiter nach der anzeige | publicité | la suite après la publicité | l'article continue après la publicité
publicidad | anuncio | anuncios | continúa después de la publicidad | publicidade
continua depois da publicidade | continua após a publicidade | pubblicità | annuncio pubblicitario
continua a leggere dopo la pubblicità | advertentie | reclame | annons | annonse | annonce | reklam | reklama
mainos | hirdetés | publicitate | oglas | oglasi | reklamı kapat | реклама | на правах рекламы | рекламa
διαφήμιση | إعلان | إعلانات | اعلان | الإعلانات | تبلیغات | آگهی | פרסומת | 广告 | 廣告 | 広告
スポンサーリンク | 광고 | विज्ञापन | বিজ্ঞাপন | โฆษณา | quảng cáo | iklan | advertorial | share | share this
share this article | share this story | share this post | share article | share via | tweet | pin it
copy link | link copied | copy | copied | print | print this | print article | print this page | save
save article | save for later | bookmark | listen | listen to this article | listen to article
gift this article | email this | reuse this content | view comments | show comments | jump to recipe
print recipe | enlarge | enlarge image | toggle caption | hide caption | view gallery | open gallery
show more | view more | load more | teilen | mitteilen | artikel teilen | beitrag teilen | drucken | merken
artikel merken | artikel drucken | artikel anhören | vorlesen | seite drucken | bild vergrößern | vergrößern
feedback | zur merkliste | mehr lesen | weiterlesen | mehr anzeigen | alle anzeigen | partager
partager l'article | partager cet article | imprimer | enregistrer | envoyer par e-mail | copier le lien
écouter | écouter l'article | ajouter à vos sélections | offrir l'article | voir plus | compartir | comparte
compartir en facebook | compartir en twitter | imprimir | guardar | enviar por email | copiar enlace
escuchar | ver más | compartilhar | compartilhe | compartilhe no whatsapp | compartilhe no facebook
copiar link | salvar | ouvir | ver mais | condividi | stampa | salva | ascolta | ascolta l'articolo
copia link | mostra altro | delen | deel dit artikel | bewaren | printen | luister | dela | dela artikeln
spara | skriv ut | lyssna | del | gem | del artikkelen | jaa | jaa artikkeli | tallenna | udostępnij | drukuj
skopiuj link | zapisz | posłuchaj | sdílet | vytisknout | zdieľať | megosztás | nyomtatás | distribuie
paylaş | yazdır | kaydet | abone ol | podijeli | сподели | поделиться | поделитесь | скопировать ссылку
распечатать | сохранить | в закладки | слушать | поділитися | κοινοποίηση | μοιραστείτε | εκτύπωση | مشاركة
شارك | مشاركة الخبر | طباعة | نسخ الرابط | حجم الخط | استمع | حفظ | شارك المقال | اشتراک گذاری | چاپ | שתפו
שיתוף | הדפסה | שתפו בפייסבוק | שלחו לחבר | 分享 | 分享到 | 打印 | 收藏 | 复制链接 | 字号 | 扫一扫 | 扫码分享
列印 | シェア | シェアする | ツイート | ブックマーク | クリップ | 印刷 | 記事を印刷 | 記事を保存 | lineで送る
リンクをコピー | 공유 | 공유하기 | 인쇄 | 인쇄하기 | 스크랩 | 글자크기 | 글자크기 설정 | 본문듣기 | 확대보기
이미지 확대 | शेयर | शेयर करें | फॉलो करें | प्रिंट | แชร์ | แชร์ข่าวนี้ | แชร์บทความ | คัดลอกลิงก์ | พิมพ์
chia sẻ | bagikan | salin tautan | 請繼續往下閱讀 | 阅读全文 | 展开全文 | 続きを読む | 더보기 | subscribe
subscribe now | sign up | sign in | log in
"""
# Beside the headings of a wiki; of some two, with a bar between.
EDITS = """
edit; edit source; edit | edit source; bearbeiten | quelltext bearbeiten; modifier | modifier le code;
editar; editar | editar a fonte; editar código; modifica | modifica wikitesto; edytuj | edytuj kod;
bewerken | brontekst bewerken; redigera | redigera wikitext; rediger | rediger kilde; editovat;
править | править код; редагувати | редагувати код; επεξεργασία | επεξεργασία κώδικα; düzenle;
düzenle | kaynağı değiştir; עריכה; עריכת קוד מקור | עריכה; تعديل; عدل; ویرایش; 編集; 编辑; 編輯; 편집; 원본 편집;
संपादित करें; แก้ไข; sửa | sửa mã nguồn; sunting | sunting sumber; szerkesztés
"""
LEADS = """
read more | read also | also read | read next | read this next | more on this | more on this story | see also
related | related story | related article | related coverage | related stories | related content
related reading | recommended | recommended reading | you may also like | you might also like
you may be interested in | must read | don't miss | further reading | watch | watch also | editor's picks
more from | from the archives | lesen sie auch | lesen sie mehr | lesen sie hier | lesen sie dazu | mehr dazu
mehr zum thema | zum thema | mehr lesen | lesen sie weiter | das könnte sie auch interessieren
das könnte dich auch interessieren | auch interessant | auch spannend | siehe auch | lest auch | weiterlesen
lesetipp | mehr über | lire aussi | à lire aussi | a lire aussi | à lire également | lire également | à lire
lire | lire le reportage | lire l'entretien | lire notre dossier | voir aussi | sur le même sujet
notre dossier | pour aller plus loin | à voir aussi | lisez aussi | lea también | lee también | lea además
lea aquí | lea más | leer más | lee más | lea | te puede interesar | le puede interesar | te recomendamos
le recomendamos | puedes leer | también puedes leer | vea también | ver también | mira también
más información | relacionado | noticias relacionadas | noticia relacionada | en contexto | conoce más
además lee | leia também | leia mais | veja também | saiba mais | veja mais | confira também | relacionadas
matéria relacionada | leggi anche | leggi di più | leggi tutto | approfondisci | approfondimenti
per approfondire | vedi anche | guarda anche | potrebbe interessarti | correlati | ti potrebbe interessare
lees ook | lees meer | lees verder | zie ook | bekijk ook | läs också | läs även | läs mer | mer om | les også
les mer | læs også | læs mere | lue myös | lue lisää | katso myös | czytaj też | czytaj także | czytaj również
przeczytaj też | przeczytaj także | przeczytaj również | zobacz też | zobacz także | zobacz również | polecamy
więcej | czytaj więcej | čtěte také | přečtěte si také | čítajte aj | olvassa el | olvassa el ezt is
kapcsolódó | citește și | citiți și | pročitajte i | pročitajte još | ayrıca bakınız | ilgili haber
ilgili haberler | ayrıca okuyun | bunu da okuyun | читайте также | читайте ещё | материалы по теме | по теме
смотрите также | ещё по теме | подробнее | читать также | читайте також | читай також | вижте още
διαβάστε επίσης | διαβάστε ακόμη | διαβάστε ακόμα | δείτε επίσης | δείτε ακόμη | σχετικά | اقرأ أيضا
اقرأ أيضًا | اقرأ أيضاً | إقرأ أيضا | اقرأ المزيد | شاهد أيضا | شاهد أيضاً | موضوعات متعلقة | مواضيع ذات صلة
همچنین بخوانید | بیشتر بخوانید | مطالب مرتبط | קראו גם | קראו עוד | קרא גם | עוד בנושא | ראו גם | לקריאה נוספת
延伸阅读 | 延伸閱讀 | 相关阅读 | 相關閱讀 | 相关新闻 | 相關新聞 | 更多新聞 | 推荐阅读 | 推薦閱讀 | 相关报道
相關報導 | 相关链接 | 看更多 | 阅读更多 | 更多报道 | あわせて読む | あわせて読みたい | 関連記事 | 関連
関連ニュース | こちらも読む | 続きを読む | 함께 보면 좋은 기사 | 관련기사 | 관련 기사
관련뉴스 | यह भी पढ़ें | ये भी पढ़ें | इसे भी पढ़ें | यह भी देखें | और पढ़ें | আরও পড়ুন | อ่านข่าวเพิ่มเติม
อ่านเพิ่มเติม | ข่าวที่เกี่ยวข้อง | อ่านต่อ | xem thêm | đọc thêm | tin liên quan | baca juga | simak juga
lihat juga | artikel terkait
"""
ENDS = """
tags | tag | topics | topic | keywords | filed under | categories | category | labels | more stories
more articles | related articles | related posts | related topics | related news | related stories
explore more on these topics | about the author | about author | written by | author bio
more from this author | more by this author | most read | most viewed | most popular | most commented
popular posts | popular now | trending | trending now | recent posts | latest news | latest stories
top stories | keep reading | read next | up next | you may also like | comments | comment | no comments
no comments yet | leave a reply | leave a comment | post a comment | add a comment | join the conversation
join the discussion | reader interactions | write a comment | what do you think | show comments
share your thoughts | share this | share this article | share this post | share this story | newsletter
newsletters | sign up for our newsletter | follow us | previous article | next article | previous post
next post | post navigation | back to top | contact us | about us | recommended for you | sponsored links
around the web | from the web | schlagwörter | schlagworte | themen | stichworte | thema | kategorien
kategorie | autor | über den autor | über die autorin | mehr zum thema | weitere artikel | weitere themen
weitere meldungen | weitere nachrichten | ähnliche artikel | ähnliche beiträge | verwandte artikel
verwandte themen | verwandte beiträge | meistgelesen | meistgelesene artikel | meist gelesen
das könnte sie auch interessieren | auch interessant | neueste beiträge | letzte beiträge | kommentare
kommentar | kommentar schreiben | kommentare schreiben | schreibe einen kommentar | keine kommentare
kommentar verfassen | kommentar hinterlassen | einen kommentar schreiben | artikel kommentieren
diskutieren sie mit | zur startseite | nach oben | zurück zur übersicht | pressekontakt | folgen sie uns
artikel teilen | lesen sie mehr zum thema | beitrags-navigation | beitragsnavigation | vorheriger artikel
nächster artikel | mots-clés | mots clés | étiquettes | catégories | thèmes | thématiques | articles liés
articles similaires | sur le même sujet | sur le même thème | à lire aussi | les plus lus
articles les plus lus | articles récents | commentaires | commentaire | laisser un commentaire
ajouter un commentaire | aucun commentaire | réagir | vos réactions | partager cet article
à propos de l'auteur | article précédent | article suivant | suivez-nous | nos newsletters
dans la même rubrique | contribuer | vous aimerez aussi | etiquetas | temas | etiquetado en | archivado en
categorías | artículos relacionados | noticias relacionadas | entradas relacionadas | más noticias
más leídas | más leídos | lo más leído | lo más visto | las más leídas | últimas noticias | te puede interesar
también te puede interesar | comentarios | deja un comentario | deja una respuesta | deja tu comentario
sin comentarios | normas de participación | sobre el autor | artículo anterior | artículo siguiente | síguenos
síguenos en | boletín | entrada anterior | más información | más sobre | tópicos | assuntos | veja também
notícias relacionadas | artigos relacionados | mais lidas | mais lidos | últimas notícias | mais notícias
deixe um comentário | deixe uma resposta | comentários | sobre o autor | recomendadas para você
artigo anterior | próximo artigo | siga-nos | argomenti | articoli correlati | articoli simili
potrebbe interessarti | i più letti | più letti | ultime notizie | commenti | lascia un commento
lascia una risposta | scrivi un commento | nessun commento | i commenti dei lettori | articolo precedente
articolo successivo | seguici | seguici su | l'autore | riproduzione riservata | lees meer over | trefwoorden
onderwerpen | gerelateerde artikelen | gerelateerd | meest gelezen | lees ook | reacties | reageer
plaats een reactie | geef een reactie | nieuwsbrief | deel dit artikel | ämnen | ämnen i artikeln | läs mer om
läs också | mest läst | kommentarer | lämna en kommentar | relaterade artiklar | senaste nytt | emner
mest lest | relaterte artikler | mest læste | skriv en kommentar | aiheet | avainsanat | luetuimmat
kommentit | lisää aiheesta | tagi | tematy | słowa kluczowe | powiązane | powiązane artykuły | zobacz także
zobacz też | zobacz również | polecane | najczęściej czytane | najnowsze | komentarze | dodaj komentarz
brak komentarzy | napisz komentarz | przeczytaj także | podobne artykuły | polecamy | štítky | související
související články | nejčtenější | diskuse | komentáře | témata | címkék | kapcsolódó cikkek | legolvasottabb
hozzászólások | etichete | articole similare | comentarii | lasă un comentariu
lăsați un mesaj | articolul precedent | articolul următor | oznake | komentari
etiketler | ilgili haberler | önerilen haberler | en çok okunanlar | yorumlar | yorum yap | son haberler
benzer haberler | haberle ilgili daha fazlası | теги | метки | темы | ключевые слова | рубрики
похожие записи | похожие статьи | похожие материалы | материалы по теме | ссылки по теме | новости по теме
читайте также | ещё по теме | самое читаемое | последние новости | главные новости | комментарии
добавить комментарий | оставить комментарий | обсудить | обсуждение | поделиться | другие новости
теги по теме | об авторе | предыдущая статья | следующая статья | схожі матеріали | коментарі | теми
головне сьогодні | коментари | етикети | ετικετες | ετικέτες | σχετικά άρθρα | σχετικα αρθρα | διαβάστε ακόμη
διαβαστε ακομη | δημοφιλή | σχόλια | σχολια | ροη ειδησεων | ροή ειδήσεων | τελευταία νέα | περισσότερα
αφήστε ένα σχόλιο | δείτε επίσης | tags: | كلمات مفتاحية | الكلمات المفتاحية | كلمات دلالية | وسوم | الوسوم
مواضيع ذات صلة | موضوعات ذات صلة | أخبار ذات صلة | مقالات ذات صلة | الأكثر قراءة | الأكثر مشاهدة | التعليقات
تعليقات | أضف تعليقا | أضف تعليقًا | أضف تعليق | اترك تعليقا | شارك | اترك تعليقاً | المزيد | آخر الأخبار
برچسب‌ها | برچسب ها | مطالب مرتبط | نظرات | اخبار مرتبط | תגיות | תגובות | כתבות נוספות
כתבות נוספות שיעניינו אותך | כתבות קשורות | עוד בנושא | אולי יעניין אותך | הנקראות ביותר | לכתיבת תגובה
הוסף תגובה | כל התגובות | 标签 | 標籤 | 关键词 | 關鍵字 | 关键字 | 相关新闻 | 相關新聞 | 相关文章 | 相關文章
相关阅读 | 延伸閱讀 | 热门排行 | 热门新闻 | 熱門新聞 | 热门文章 | 排行榜 | 点击排行 | 网友评论 | 網友回應
评论 | 發表評論 | 发表评论 | 留言 | 上一篇 | 下一篇 | 免责声明 | 声明 | 责任编辑 | 猜你喜欢 | 推荐阅读
精彩推荐 | 為你推薦 | 最新文章 | 関連記事 | 関連ニュース | 関連リンク | おすすめ記事 | 人気記事
人気記事ランキング | アクセスランキング | ランキング | タグ | キーワード | この記事を書いた人
この記事をシェア | 最新記事 | コメント | コメントを残す | コメントを書く | 前の記事 | 次の記事 | 新着記事
注目記事 | トップに戻る | 관련기사 | 관련 기사 | 관련뉴스 | 태그 | 키워드 | 많이 본 뉴스 | 많이 본 기사
인기기사 | 인기뉴스 | 주요뉴스 | 최신기사 | 최신뉴스 | 댓글 | 댓글쓰기 | 기사 추천 | 좋아요 | 추천기사
이전기사 | 다음기사 | टैग्स | टैग | संबंधित ख़बरें | संबंधित खबरें | संबंधित समाचार | सबसे ज़्यादा पढ़ी गई
टिप्पणियाँ | अन्य खबरें | ताज़ा ख़बरें | सम्बंधित ख़बरें | แท็ก | แท็กที่เกี่ยวข้อง | ข่าวที่เกี่ยวข้อง
บทความที่เกี่ยวข้อง | ข่าวยอดนิยม | ความคิดเห็น | แสดงความคิดเห็น | ข่าวล่าสุด | เรื่องที่คุณอาจสนใจ | từ khóa
tin liên quan | bình luận | đọc nhiều | bài viết liên quan | topik | berita terkait | artikel terkait
komentar | terpopuler | baca juga
"""
INGREDIENTS = """
ingredients | for the dough | for the sauce | for the filling | for the topping | for the dressing
you will need | what you need | zutaten | zutaten für 4 personen | das brauchst du | ingrédients
les ingrédients | ingredientes | ingredienti | ingrediënten | ingredienser | ainekset | składniki
ingredience | suroviny | hozzávalók | ingrediente | sastojci | malzemeler | ингредиенты | продукты
інгредієнти | продукти | υλικά | συστατικά | المقادير | المكونات | مواد لازم | מצרכים | רכיבים | 材料 | 食材
用料 | 재료 | सामग्री | উপকরণ | ส่วนผสม | วัตถุดิบ | nguyên liệu | bahan | bahan-bahan
"""
# Above the sources, notes and works that an article lists at its end; and what it says to see besides, among these.
NOTES = """
references | notes | footnotes | notes and references | sources | bibliography | works cited | citations
einzelnachweise | quellen | literatur | anmerkungen | fußnoten | quellenangaben | literaturverzeichnis | références
notes et références | bibliographie | referencias | notas | bibliografía | fuentes | notas y referencias
referências | notas e referências | bibliografia | fontes | note | fonti | riferimenti | referenties | bronnen
bronnen, noten en/of referenties | voetnoten | literatuur | referenser | källor | fotnoter | referanser | kilder
referencer | fodnoter | lähteet | viitteet | przypisy | źródła | reference | zdroje | poznámky | literatura | jegyzetek
források | referințe | izvori | izvori i bilješke | kaynakça | kaynaklar | dipnotlar | примечания
источники | литература | сноски | примітки | джерела | посилання | література | бележки | източници | παραπομπές
πηγές | βιβλιογραφία | σημειώσεις | مراجع | المراجع | مصادر | المصادر | هوامش | الهوامش | منابع | پانویس | یادداشت‌ها
הערות שוליים | מקורות | ביבליוגרפיה | 参考文献 | 脚注 | 注釈 | 出典 | 参考资料 | 參考資料 | 注释 | 註釋 | 参考来源
각주 | 참고 문헌 | 참고문헌 | 출처 | सन्दर्भ | संदर्भ | তথ্যসূত্র | อ้างอิง | เชิงอรรถ | tham khảo | chú thích
nguồn | referensi | catatan kaki | daftar pustaka
"""
BESIDES = """
see also | further reading | external links | siehe auch | weblinks | voir aussi | liens externes | articles connexes
véase también | enlaces externos | ver também | ligações externas | voci correlate | altri progetti
collegamenti esterni | zie ook | externe links | se även | externa länkar | se også | eksterne lenker
eksterne henvisninger | katso myös | aiheesta muualla | zobacz też | linki zewnętrzne | související články
viz také | externí odkazy | pozri aj | kapcsolódó szócikkek | további információk | vezi și | legături externe
povezani članci | vanjske poveznice | ayrıca bakınız | dış bağlantılar | см. также | ссылки | див. також | вижте също
външни препратки | δείτε επίσης | εξωτερικοί σύνδεσμοι | انظر أيضا | انظر أيضًا | طالع أيضا | طالع أيضًا | اقرأ أيضا
وصلات خارجية | روابط خارجية | جستارهای وابسته | پیوند به بیرون | ראו גם | קישורים חיצוניים | לקריאה נוספת | 関連項目
外部リンク | 参见 | 參見 | 外部链接 | 外部連結 | 같이 보기 | 외부 링크 | इन्हें भी देखें | बाहरी कड़ियाँ | আরও দেখুন | বহিঃসংযোগ
ดูเพิ่ม | แหล่งข้อมูลอื่น | xem thêm | liên kết ngoài | lihat pula | lihat juga | pranala luar
"""
PLEAS = """
subscribe | sign up | signing up | newsletter | follow us | download our | your inbox | log in to | free trial
support us | unlimited access | create an account | become a member | already a subscriber | e-mail address
email address | affiliate link | earn a commission | our journalism | like this article | terms of service
privacy policy | all rights reserved | abonnier | jetzt anmelden | kostenlos anmelden | registrieren sie
folgen sie uns | folge uns | melden sie sich | probeabo | datenschutzerklärung | ihr postfach | abonnez-vous
inscrivez-vous | s'abonner | s'inscrire | suivez-nous | infolettre | droits réservés | je m'inscris
suscríb | suscrib | boletín | síguenos | regístrate | inicia sesión | derechos reservados
prohibida su reproducción | assine | inscreva-se | siga-nos | cadastre-se
direitos reservados | iscriviti | abbonati | seguici | riproduzione riservata | accedi per
diritti riservati | abonneer | nieuwsbrief | meld je aan | volg ons | nyhetsbrev | prenumerera | prenumerant
logga in | följ oss | abonnér | nyhedsbrev | tilmeld | abonner | følg oss | tilaa uutiskirje | uutiskirje
subskryb | zapisz się | obserwuj nas | zaloguj | polub nas | bądź na bieżąco | prawa zastrzeżone | odebírej
přihlaste se | iratkozz | feliratkoz | abonează-te | abone ol | takip edin | bizi takip | hakları saklıdır
bültenimize | подпишитесь | подписывайтесь | подписаться | рассылк | наш канал | нашем канал | телеграм-канал
все права защищены | підписуйтесь | εγγραφείτε | εγγραφή | ακολουθήστε | δικαιώματος | اشترك | النشرة البريدية
تابعنا | تابعونا | جميع الحقوق محفوظة | عضویت | הירשמו | הצטרפו | עקבו אחרינו | כל הזכויות שמורות | 订阅
訂閱 | 关注我们 | 關注我們 | 关注微信 | 下载app | 下載app | 未经授权 | 不得转载 | 不得轉載 | 禁止转载
メールマガジン | 購読 | 会員登録 | 有料会員 | フォローする | フォローして | 無断転載 | 登録する
いいね！しよう | 구독하기 | 뉴스레터 | 구독 | 무단 전재 | 무단전재 | 저작권자 | फॉलो करें | सब्सक्राइब
सर्वाधिकार | अधिकार सुरक्षित | ติดตามข่าว | สมัครสมาชิก | สงวนลิขสิทธิ์ | đăng ký | theo dõi chúng tôi
berlangganan | ikuti kami | we need your help | we need your support | support our work | unterstützen sie uns
unterstütze uns | wir brauchen ihre hilfe | wir brauchen deine hilfe | wir brauchen ihre unterstützung | soutenez-nous
nous avons besoin de vous | faites un don | necesitamos tu ayuda | necesitamos tu apoyo | apóyanos | apoye-nos
precisamos de você | precisamos da sua ajuda | sostienici | abbiamo bisogno di te | abbiamo bisogno del tuo
steun ons | wij hebben je hulp nodig | stöd oss | støtt oss | støt os | tue työtämme | wesprzyj nas
potrzebujemy twojej pomocy | potrzebujemy twojego wsparcia | podpořte nás | potřebujeme vaši pomoc | podporte nás
támogass minket | támogasson minket | susține-ne | podržite nas | bize destek ol | поддержите нас | поддержи нас
нам нужна ваша помощь | нам нужна ваша поддержка | підтримайте нас | підтримай нас | нам потрібна ваша допомога
нам потрібна ваша підтримка | подкрепете ни | στηρίξτε μας | ادعمنا | ادعمونا | از ما حمایت کنید | תמכו בנו
応援してください | 후원해 주세요
"""
# What a site says of itself on any page, about cookies, scripts and what blocks them.
MACHINERY = """
cookie | クッキー | 쿠키 | куки | javascript | browser | adblock | ad block | ad-block | werbeblocker
"""
MOST_CHARS = 160  # of a line that may be furniture
STRIPPED = r"^(?:[^\p{L}\p{N}]|\d+[\])]?\s)+|[^\p{L}\p{M}]+$"  # with a count before it or behind it


@cache
def _listed(forms: str, parted: str = "|") -> list[str]:
    """List the forms in a text in small letters, composed and decomposed."""
    return sorted(both_forms(form.lower() for form in listed(forms, parted)))


# A lead of several words needs no colon where the line does not end as a sentence does.
OUTSET = r"^[^\p{L}]{0,3}"
SEVERAL = [form for form in _listed(LEADS) if " " in form]
LEAD = (
    rf"{OUTSET}{words(*_listed(LEADS))}(?:[^\p{{L}}\p{{M}}]*$|\s?[:：»›|】\]>])"
    rf"|{OUTSET}{words(*SEVERAL)}\s.*[^.!?…\"”»)]$"
)
# In capitals before what it labels, or beside another: "TAGS mills", "RELATED ARTICLES MORE FROM AUTHOR"; or before and
# after at once: "Previous article The mill Next article The weir".
LABEL_LETTERS = 4  # from which on a word in capitals is a label, not a name or a short one of another sense
LABELS = [form for form in _listed(ENDS) if len(form) >= LABEL_LETTERS]
IN_CAPITALS = rf"{OUTSET}{words(*(form.upper() for form in LABELS if form.upper() != form))}\s+[^.!?…]*$"
NEIGHBOURS = [form for form in LABELS if " " in form]
BOTH = rf"{OUTSET}{words(*NEIGHBOURS)}\s.*\p{{L}}.*\s{words(*NEIGHBOURS)}\s.*\p{{L}}"
# What stands before a colon and a list: "Tags: mills, water".
HEADED = r"^([^:：]{2,40})\s?[:：]\s?[^:：]*[^.!?…。！？:：]$"
MINUTES = r"min\b|minut(?:es?|en?|i|os?|er)?\b|мин|хв|分|분|دقائق|דקות|मिनट|นาที|λεπτ|dk\b|dakika"
TO_READ = r"read|reading|lecture|lettura|lectura|leitura|lesezeit|leestijd|czytania|чтени\p{L}*|читать|okuma"
READING = (  # how long it takes to read
    r"^\W*(?:\p{L}[\p{L} ]{0,24}[:：]?\s)?(?:ca\.?\s)?\d{1,2}\s?"
    rf"(?:[-–]?\s?(?:{MINUTES})|[’'′](?:$|\s))\.?(?:\s\(?(?:de |di |para |of )?(?:{TO_READ})\)?)?$"
    r"|^この記事は.{0,12}分で読めます。?$"
)


def furniture(
    lines: pl.DataFrame, is_prose: np.ndarray, is_once: np.ndarray, is_bullet: np.ndarray, rows: Rows
) -> dict[str, np.ndarray]:
    """Say of each line, by its words, what of a site's it is: 1 or 0; and what of an article's end stands above it.

    Args:
        lines: the table of lines, whole documents.
        is_prose: which of them are prose.
        is_once: which of them their document holds but once; a label that it repeats begins a box.
        is_bullet: which of them are listed.
        rows: where the rows of each document lie.

    Returns:
        By name one number a line: `alone`, `lead` and `ends` as above, `led` below a lead, `boxed` the label of a box
        of others, `plea`, `ingredients` the label of their list; `ended`, the logarithm of the ends above, and
        `ended_share`, the share of the prose that stands above the last of them.
    """
    text = pl.col("text")
    plain, key = _plain(text), _key(text)
    head = plain.str.extract(HEADED).str.replace_all(STRIPPED, "")
    alone, ends, leads = [*_listed(ALONE), *_listed(EDITS, ";")], _listed(ENDS), _listed(LEADS)
    leads_on = key.is_in(leads) & plain.str.contains(r"[:：]$")
    may_lead = pl.when(plain.str.contains_any(leads)).then(plain)  # which is cheaper to ask
    may_end = pl.when(plain.str.contains_any(NEIGHBOURS)).then(plain)
    short = pl.when(text.str.len_chars() <= MOST_CHARS).then(text)
    asked = lines.lazy().select(
        alone=key.is_in(alone) | head.is_in(alone) | plain.str.contains(READING),
        ends=(key.is_in(ends) & ~leads_on)
        | (head.is_in(ends) & ~head.is_in(leads))
        | may_end.str.contains(BOTH)
        | short.str.contains(IN_CAPITALS),
        bare=key.is_in(leads),
        boxed=key.is_in(leads) & ~leads_on,
        lead=may_lead.str.contains(LEAD),
        plea=plain.str.contains_any(_listed(PLEAS)),
        ingredients=key.is_in(_listed(INGREDIENTS)),
    )
    seen = asked.collect().iter_columns()
    said = {column.name: column.fill_null(value=False).to_numpy().astype(np.float32) for column in seen}
    bare = said.pop("bare")
    prose = is_prose.astype(float)
    share = rows.so_far(prose) / np.maximum(rows.total(prose), 1)
    is_end = (said["ends"] > 0) & (share > 0) & is_once
    last = rows.above(is_end)
    return said | {
        "led": _led(bare, is_bullet, rows),
        "ended": np.log2(1 + rows.so_far(is_end.astype(float))).astype(np.float32),
        "ended_share": np.where(last >= 0, share[last], 0).astype(np.float32),
    }


def _plain(text: pl.Expr) -> pl.Expr:
    """Write what may be furniture in small letters."""
    brief = pl.when(text.str.len_chars() <= MOST_CHARS).then(text.str.to_lowercase())
    return brief.str.replace_all("’", "'", literal=True)


def _key(text: pl.Expr) -> pl.Expr:
    """Write of what may be furniture its words alone, to look them up."""
    return _plain(text).str.replace_all(STRIPPED, "")


def lists_of_sources(lines: pl.DataFrame, is_bullet: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Say of each line whether it heads an article's sources, and whether those or what else it says to see."""
    key = lines.select(_key(pl.col("text"))).to_series()
    notes, besides = (
        key.is_in(_listed(forms)).fill_null(value=False).to_numpy() for forms in (NOTES, BESIDES)
    )
    return notes & ~is_bullet, (notes | besides) & ~is_bullet


def is_machinery(texts: pl.Series) -> np.ndarray:
    """Say which texts speak of what a site is run with."""
    return texts.str.contains_any(_listed(MACHINERY), ascii_case_insensitive=True).to_numpy()


def _led(bare: np.ndarray, is_bullet: np.ndarray, rows: Rows) -> np.ndarray:
    """Say which lines stand next below a lead without its own: one, or all bullets there are."""
    lead = rows.above(bare > 0)
    bullets = rows.so_far(is_bullet)
    is_listed = (lead >= 0) & (is_bullet > 0) & (bullets - bullets[lead] == rows.at - lead)
    return (is_listed | (rows.away(bare, -1) > 0)).astype(np.float32)
