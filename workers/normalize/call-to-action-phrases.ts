export interface CallPhrases {
  /** Folded beginnings that call by themselves. */
  readonly alone: readonly string[]
  /** Folded beginnings that call when one of the targets follows. */
  readonly beginnings: readonly string[]
  /** Beginnings of words, folded: where the reader is called to. */
  readonly targets: readonly string[]
}

const list = (text: string) => text.split('|')

export const CALL_PHRASES: readonly CallPhrases[] = [
  {
    alone: list(
      "stay tuned|stay with us|follow us|subscribe to our|sign up for our|sign up to our|sign up here|join us on|like us on|like and subscribe|click here|tap here|don't forget to subscribe|don't miss our|download our app|download the app|find out more here|watch live here|check out our|visit our website|follow our|turn on notifications|get our newsletter|get the app|get our app|share your thoughts|tell us what you think|for more updates follow|for the latest updates follow|keep up with our",
    ),
    beginnings: list("follow|subscribe|sign up|join|watch|listen|tune in|read|download|register|don't miss|keep up"),
    targets: list(
      'live feed|live blog|liveblog|live coverage|live stream|live broadcast|livestream|live updates|live here|our channel|our telegram|our newsletter|newsletter|our page|our app|our social|our coverage|our podcast|our youtube|telegram channel|youtube channel|whatsapp channel|on telegram|on twitter|on facebook|on instagram|on tiktok|on youtube|on whatsapp|on social media|on bluesky|to find out more|to learn more|for more updates|for the latest|breaking news alerts',
    ),
  },
  {
    alone: list(
      'bleiben sie dran|folgen sie uns|folgt uns|abonnieren sie unseren|abonnieren sie unsere|abonniert unseren|hier klicken|klicken sie hier|melden sie sich für unseren newsletter|laden sie unsere app',
    ),
    beginnings: list(
      'folgen sie|verfolgen sie|abonnieren sie|lesen sie|sehen sie|schauen sie|verpassen sie|melden sie sich',
    ),
    targets: list(
      'liveticker|live-ticker|livestream|live-stream|liveblog|live-blog|live-übertragung|newsletter|unserem kanal|unseren kanal|whatsapp-kanal|telegram-kanal|auf telegram|auf facebook|auf instagram|auf twitter|auf youtube|auf tiktok|unsere app|unserer app',
    ),
  },
  {
    alone: list(
      'restez connectés|restez connecté|restez avec nous|suivez-nous|suivez nous|abonnez-vous|inscrivez-vous à notre|cliquez ici|rejoignez-nous|rejoignez notre|téléchargez notre application|ne manquez pas notre',
    ),
    beginnings: list('suivez|retrouvez|regardez|écoutez|rejoignez|découvrez|lisez|inscrivez-vous'),
    targets: list(
      'notre direct|en direct|notre live|le live|notre chaîne|notre newsletter|notre page|notre application|sur telegram|sur facebook|sur twitter|sur instagram|sur tiktok|sur youtube|sur whatsapp|les réseaux sociaux',
    ),
  },
  {
    alone: list(
      'síganos|síguenos|siga con nosotros|manténgase informado|suscríbase a|suscríbete a|haga clic aquí|haz clic aquí|únete a nuestro|únase a nuestro|descarga nuestra app|descargue nuestra app|no se pierda nuestro|no te pierdas nuestro',
    ),
    beginnings: list('siga|sigue|sigan|vea|mire|mira|lea|escuche|suscríbase|únete|únase|no se pierda|no te pierdas'),
    targets: list(
      'en directo|en vivo|nuestro canal|nuestra cobertura|nuestro boletín|nuestra página|nuestra app|canal de telegram|canal de whatsapp|en telegram|en facebook|en twitter|en instagram|en tiktok|en youtube|redes sociales',
    ),
  },
  {
    alone: list(
      'seguiteci|seguici|restate con noi|resta con noi|restate collegati|iscriviti alla|iscrivetevi alla|iscriviti al nostro|clicca qui|cliccate qui|scarica la nostra app|unisciti al nostro',
    ),
    beginnings: list('segui|seguite|guarda|guardate|leggi|ascolta|iscriviti|iscrivetevi|non perdere|non perdete'),
    targets: list(
      'la diretta|in diretta|nostra diretta|nostro canale|nostra newsletter|newsletter|nostra pagina|nostra app|canale telegram|canale whatsapp|su telegram|su facebook|su twitter|su instagram|su tiktok|su youtube|sui social',
    ),
  },
  {
    alone: list(
      'оставайтесь с нами|следите за нами|следите за нашей|следите за нашим|следите за нашими|подписывайтесь|подпишитесь на наш|подпишись на наш|присоединяйтесь к нашему|присоединяйтесь к нам|переходите по ссылке|нажмите здесь|скачайте наше приложение|ставьте лайк',
    ),
    beginnings: list('следите|смотрите|читайте|слушайте|подпишитесь|подпишись|присоединяйтесь|не пропустите'),
    targets: list(
      'онлайн-трансляци|трансляци|прямом эфире|прямой эфир|нашем канале|наш канал|нашем телеграм|наш телеграм|telegram-канал|телеграм-канал|в telegram|в телеграм|вконтакте|в соцсетях|нашей лентой|рассылку|нашем сайте',
    ),
  },
  {
    alone: list(
      'залишайтеся з нами|стежте за нами|стежте за нашою|стежте за нашим|стежте за нашими|підписуйтесь|підписуйтеся|підпишіться на наш|приєднуйтесь до нашого|приєднуйтеся до нас|переходьте за посиланням|завантажте наш застосунок',
    ),
    beginnings: list('стежте|дивіться|читайте|слухайте|підпишіться|приєднуйтесь|не пропустіть'),
    targets: list(
      'онлайн-трансляці|трансляці|прямому ефірі|прямий ефір|нашому каналі|наш канал|telegram-канал|телеграм-канал|в telegram|у telegram|в телеграм|у телеграм|у соцмережах|розсилку|нашому сайті',
    ),
  },
  {
    alone: list(
      'تابعونا|تابعنا|ابقوا معنا|اشترك في نشرتنا|اشتركوا في نشرتنا|اشترك في قناتنا|اشتركوا في قناتنا|انضموا إلى قناتنا|انضم إلى قناتنا|اضغط هنا|انقر هنا|حمل تطبيقنا|حملوا تطبيقنا',
    ),
    beginnings: list('تابعوا|تابع|شاهدوا|شاهد|اشترك|اشتركوا|انضم|انضموا|لا تفوتوا'),
    targets: list(
      'البث المباشر|بثنا المباشر|البث الحي|التغطية المباشرة|تغطيتنا|قناتنا|على تلغرام|على تليغرام|على فيسبوك|على تويتر|على يوتيوب|على إنستغرام|على واتساب|نشرتنا|نشرتنا البريدية|مواقع التواصل',
    ),
  },
  {
    alone: list(
      'با ما همراه باشید|ما را دنبال کنید|در کانال ما عضو شوید|به کانال ما بپیوندید|اینجا کلیک کنید|در خبرنامه ما عضو شوید|اپلیکیشن ما را دانلود کنید',
    ),
    beginnings: list('پخش زنده|گزارش زنده|در تلگرام|در اینستاگرام|در یوتیوب|برای اخبار بیشتر|برای اطلاعات بیشتر'),
    targets: list('دنبال کنید|ببینید|عضو شوید|بپیوندید|مشترک شوید'),
  },
  {
    alone: list(
      'עקבו אחרינו|הישארו איתנו|הצטרפו לערוץ|הצטרפו לקבוצת|הירשמו לניוזלטר|הירשמו לעדכונים|לחצו כאן|הורידו את האפליקציה|עשו לנו לייק',
    ),
    beginnings: list('עקבו|צפו|קראו|האזינו|הצטרפו|הירשמו|אל תפספסו'),
    targets: list(
      'בשידור חי|בשידור החי|השידור החי|שלנו|בטלגרם|לטלגרם|בפייסבוק|בטוויטר|באינסטגרם|ביוטיוב|בטיקטוק|בוואטסאפ|הניוזלטר|לניוזלטר',
    ),
  },
]
