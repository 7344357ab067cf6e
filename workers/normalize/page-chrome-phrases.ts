const list = (text: string) => text.split('|').map(phrase => phrase.trim())

/** Whole lines, folded, that belong to a page and not to its text. By language: en, de, fr, es, it, pt, ru, uk, pl, tr, ar, fa, he. */
export const CHROME_LINES: ReadonlySet<string> = new Set([
  ...list(
    'share|share this|share this article|share this page|share this story|share article|share via email|share link|copy link|copy url|link copied|email|print|print this|print this page|save|save article|bookmark|tweet|read more|read more here|read full story|read the full story|read also|read next|continue reading|see more|show more|show less|load more|view more|view all|see all|see also|more on this story|more on this topic|related|related articles|related stories|related topics|related content|related news|recommended|recommended for you|you may also like|you might also like|most read|most popular|trending|trending now|top stories|latest news|advertisement|advertisements|advertising|sponsored|sponsored content|promoted content|ad|skip to content|skip to main content|skip to navigation|skip advertisement|back to top|go to top|back to homepage|menu|open menu|close menu|main menu|search|close|sign in|log in|log out|sign up|register|my account|subscribe|subscribe now|newsletter|newsletters|contact us|about us|privacy policy|cookie policy|cookie settings|terms of use|terms of service|terms and conditions|all rights reserved|accept|accept all|accept cookies|accept all cookies|reject all|manage cookies|manage preferences|i agree|got it|comment|comments|no comments|add comment|leave a comment|post a comment|view comments|show comments|go to the mediabank|go to the media bank|go to the photo bank|go to the photobank|go to mediabank|view gallery|open gallery|next|previous|next article|previous article|loading|loading more|play video|watch video|listen to article|listen to this article|min read|minute read|minutes read|text size|enable notifications|follow us|join us|report a typo|report an error|download app|download the app|get the app',
  ),
  ...list(
    'teilen|artikel teilen|auf facebook teilen|auf twitter teilen|auf x teilen|per e-mail teilen|drucken|artikel drucken|merken|mehr|mehr lesen|mehr anzeigen|weiterlesen|weiter lesen|mehr zum thema|lesen sie auch|lesen sie mehr|das könnte sie auch interessieren|das könnte sie interessieren|meistgelesen|anzeige|werbung|zum inhalt springen|zum hauptinhalt springen|zur startseite|nach oben|menü|menü öffnen|suche|suchen|anmelden|einloggen|abmelden|registrieren|abonnieren|jetzt abonnieren|newsletter abonnieren|impressum|datenschutz|datenschutzerklärung|cookie-einstellungen|alle akzeptieren|alle cookies akzeptieren|alle ablehnen|zustimmen|kommentare|kommentar schreiben|kommentieren|zur bildergalerie|link kopieren|minuten lesezeit|alle rechte vorbehalten',
  ),
  ...list(
    "partager|partager l'article|partager sur facebook|partager sur twitter|partager sur x|imprimer|enregistrer|envoyer par e-mail|lire la suite|lire plus|lire aussi|à lire aussi|a lire aussi|voir plus|voir aussi|afficher plus|en savoir plus|sur le même sujet|les plus lus|publicité|annonce|aller au contenu|aller au contenu principal|retour en haut|haut de page|retour à l'accueil|menu principal|recherche|rechercher|se connecter|connexion|s'inscrire|s'abonner|abonnez-vous|je m'abonne|mentions légales|politique de confidentialité|gestion des cookies|paramétrer les cookies|tout accepter|tout refuser|accepter|refuser|commentaires|commenter|laisser un commentaire|copier le lien|minutes de lecture|min de lecture|tous droits réservés",
  ),
  ...list(
    'compartir|compartir en facebook|compartir en twitter|compartir en x|imprimir|guardar|enviar por correo|leer más|leer también|lea también|lea además|ver más|ver también|mostrar más|seguir leyendo|continuar leyendo|más información|noticias relacionadas|te puede interesar|lo más leído|publicidad|anuncio|ir al contenido|saltar al contenido|volver arriba|menú|abrir menú|buscar|iniciar sesión|registrarse|regístrate|suscribirse|suscríbete|aviso legal|política de privacidad|política de cookies|aceptar|aceptar todo|aceptar todas|aceptar cookies|rechazar todo|comentarios|comentar|dejar un comentario|copiar enlace|minutos de lectura|todos los derechos reservados',
  ),
  ...list(
    'condividi|condividi su facebook|condividi su twitter|condividi su x|stampa|salva|invia per email|leggi tutto|leggi di più|leggi anche|continua a leggere|mostra altro|vedi anche|guarda anche|articoli correlati|potrebbe interessarti|i più letti|pubblicità|vai al contenuto|torna su|torna alla home|cerca|accedi|registrati|abbonati|iscriviti|note legali|informativa sulla privacy|gestisci i cookie|accetta|accetta tutto|accetta tutti|rifiuta tutto|commenti|lascia un commento|copia link|minuti di lettura|tutti i diritti riservati',
  ),
  ...list(
    'compartilhar|partilhar|leia mais|leia também|ler mais|saiba mais|ver mais|veja também|continuar lendo|publicidade|ir para o conteúdo|voltar ao topo|entrar|assine|aceitar|aceitar todos|comentários|copiar link|todos os direitos reservados',
  ),
  ...list(
    'поделиться|поделиться в facebook|поделиться в telegram|поделиться вконтакте|поделиться ссылкой|распечатать|печать|версия для печати|сохранить|читать далее|читать дальше|читать полностью|читать ещё|читать еще|читайте также|читать также|подробнее|узнать больше|показать ещё|показать еще|загрузить ещё|загрузить еще|ещё по теме|еще по теме|материалы по теме|по теме|похожие новости|самое читаемое|популярное|главное за сутки|реклама|на правах рекламы|перейти к содержанию|перейти к основному содержанию|наверх|на главную|меню|поиск|войти|вход|выйти|регистрация|зарегистрироваться|подписаться|подписаться на рассылку|политика конфиденциальности|пользовательское соглашение|все права защищены|принять|принять все|принять все cookie|согласен|понятно|комментарии|комментировать|оставить комментарий|обсудить|скопировать ссылку|ссылка скопирована|перейти в медиабанк|перейти в фотобанк|время чтения|мин на чтение',
  ),
  ...list(
    'поділитися|поширити|роздрукувати|друкувати|зберегти|читати далі|читати більше|читайте також|читати також|докладніше|детальніше|дізнатися більше|показати ще|завантажити ще|за темою|матеріали за темою|найпопулярніше|реклама|перейти до вмісту|вгору|на головну|пошук|увійти|вхід|реєстрація|підписатися|політика конфіденційності|усі права захищено|всі права захищені|прийняти|прийняти всі|погоджуюсь|коментарі|залишити коментар|скопіювати посилання',
  ),
  ...list(
    'udostępnij|drukuj|zapisz|czytaj więcej|czytaj dalej|czytaj także|zobacz także|zobacz więcej|pokaż więcej|reklama|przejdź do treści|zaloguj się|akceptuję|zaakceptuj wszystkie|komentarze|kopiuj link|paylaş|yazdır|devamını oku|daha fazla|ayrıca okuyun|ilgili haberler|reklam|giriş yap|abone ol|kabul et|tümünü kabul et|yorumlar',
  ),
  ...list(
    'شارك|مشاركة|شارك هذا المقال|شارك المقال|طباعة|حفظ|اقرأ المزيد|إقرأ المزيد|اقرأ أيضا|اقرأ أيضاً|إقرأ أيضا|شاهد أيضا|المزيد|عرض المزيد|تابع القراءة|مواضيع ذات صلة|مقالات ذات صلة|أخبار ذات صلة|الأكثر قراءة|إعلان|إعلانات|انتقل إلى المحتوى|تخطي إلى المحتوى|العودة إلى الأعلى|القائمة|بحث|تسجيل الدخول|اشترك|اشترك الآن|سياسة الخصوصية|جميع الحقوق محفوظة|موافق|قبول|قبول الكل|رفض الكل|تعليقات|التعليقات|أضف تعليقا|نسخ الرابط',
  ),
  ...list(
    'اشتراک گذاری|اشتراک‌گذاری|به اشتراک بگذارید|چاپ|ذخیره|بیشتر بخوانید|ادامه مطلب|بیشتر|نمایش بیشتر|مطالب مرتبط|اخبار مرتبط|پربازدیدترین|تبلیغات|آگهی|رفتن به محتوا|بازگشت به بالا|منو|جستجو|ورود|ثبت نام|عضویت|حریم خصوصی|تمامی حقوق محفوظ است|پذیرش|می‌پذیرم|نظرات|دیدگاه‌ها|ارسال نظر|کپی لینک|شیئر',
  ),
  ...list(
    'שתפו|שתף|שיתוף|שתפו בפייסבוק|הדפסה|הדפס|שמירה|קראו עוד|קרא עוד|קראו גם|להמשך קריאה|המשך קריאה|עוד בנושא|כתבות נוספות|הצג עוד|טען עוד|הנקראות ביותר|פרסומת|תוכן ממומן|דלג לתוכן|חזרה למעלה|תפריט|חיפוש|התחברות|התחבר|הרשמה|הירשמו|מדיניות פרטיות|כל הזכויות שמורות|אישור|מסכים|תגובות|הוספת תגובה|העתקת קישור',
  ),
])

/** What stands before the colon of a line that leads elsewhere, folded. */
export const LEADS_ELSEWHERE: ReadonlySet<string> = new Set(
  list(
    'read more|read also|read next|see also|related|more on this|lesen sie auch|lesen sie mehr|mehr zum thema|lire aussi|à lire aussi|a lire aussi|voir aussi|lea también|lea además|leer también|le puede interesar|te puede interesar|leggi anche|guarda anche|leia também|leia mais|читайте также|читать также|читайте ещё|читайте еще|по теме|ещё по теме|читайте також|читати також|czytaj także|zobacz także|اقرأ أيضا|اقرأ أيضاً|إقرأ أيضا|شاهد أيضا|بیشتر بخوانید|همچنین بخوانید|קראו גם|קראו עוד|עוד בנושא',
  ),
)
/** How the labels of sharing buttons begin, folded. */
export const SHARE_ON: readonly string[] = list(
  'share on|share via|share with|share to|share by|auf facebook|teilen auf|teilen via|partager sur|partager via|partager par|compartir en|compartir por|condividi su|condividi via|compartilhar no|поделиться в|поделиться на|поділитися в|поділитися у|شارك على|شارك عبر|مشاركة على|مشاركة عبر|שתפו ב|שיתוף ב',
)

/** How a notice about cookies begins, folded; it names them too. */
export const COOKIE_NOTICES: readonly string[] = list(
  'we use|we and our partners|this site uses|this website uses|our site uses|our website uses|by continuing|by using this|by clicking|wir verwenden|wir nutzen|wir und unsere partner|diese website|diese webseite|diese seite|unsere website|mit der nutzung|durch die nutzung|um unsere webseite|nous utilisons|nous et nos partenaires|ce site|notre site|en poursuivant|en continuant|utilizamos|usamos|nosotros y nuestros socios|este sitio|esta web|esta página|nuestra web|si continúa|al continuar|utilizziamo|usiamo|noi e i nostri|questo sito|il nostro sito|continuando|proseguendo|este site|ao continuar|мы используем|этот сайт использует|наш сайт использует|на сайте используются|сайт использует|продолжая|оставаясь на|ми використовуємо|цей сайт використовує|наш сайт використовує|продовжуючи|używamy|ta strona|نستخدم|يستخدم هذا الموقع|هذا الموقع يستخدم|باستمرارك|ما از|این وب‌سایت|این سایت|אנו משתמשים|אנחנו משתמשים|אתר זה|האתר משתמש',
)
export const COOKIE_WORDS: readonly string[] = list(
  'cookie|куки|файли cookie|ملفات تعريف الارتباط|الكوكيز|کوکی|עוגיות|קוקיז',
)
