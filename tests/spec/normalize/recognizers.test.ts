import { describe, expect, it } from 'vitest'
import { isCallToAction } from '../../../workers/normalize/call-to-action.ts'
import { isPageChrome } from '../../../workers/normalize/page-chrome.ts'

describe('what belongs to a page and not to its text', () => {
  it.each([
    ...[
      '/',
      ' | ',
      '•',
      '>>',
      '* * *',
      'Go to the mediabank',
      'Share',
      'SHARE',
      'Share on Facebook',
      'Read more',
      'Read more →',
    ],
    ...['Read more: Talks in Minsk', 'Comments (12)', '3 min read', 'Advertisement', 'Skip to main content'],
    'We use cookies to give you the best experience on our site.',
    'By continuing to use this website, you agree to our use of cookies.',
    ...[
      'Weiterlesen',
      'Anzeige',
      'Lesen Sie auch: Treffen in Minsk',
      'Wir verwenden Cookies, um unsere Dienste zu verbessern.',
    ],
    ...[
      'Lire la suite',
      "Partager l'article",
      'Partager l’article',
      'À lire aussi : les négociations',
      'Nous utilisons des cookies pour améliorer votre navigation.',
    ],
    ...['Leer más', 'Publicidad', 'Utilizamos cookies propias para mejorar su experiencia.'],
    ...['Leggi tutto', 'Pubblicità', 'Utilizziamo i cookie per migliorare la tua esperienza.'],
    ...[
      'Поделиться',
      'Читать далее',
      'Читайте также: Переговоры в Минске',
      'Мы используем файлы cookie, чтобы вам было удобнее пользоваться сайтом.',
    ],
    ...['Читати далі', 'Реклама', 'Ми використовуємо файли cookie, щоб покращити ваш досвід.'],
    ...['اقرأ المزيد', 'مشاركة', 'إعلان', 'نستخدم ملفات تعريف الارتباط لتحسين تجربتك.'],
    ...['بیشتر بخوانید', 'تبلیغات', 'ما از کوکی‌ها برای بهبود تجربه شما استفاده می‌کنیم.'],
    ...['קראו עוד', 'פרסומת', 'אנו משתמשים בעוגיות כדי לשפר את חוויית הגלישה.'],
  ])('[TEXT5] is recognized: %s', line => {
    expect(isPageChrome(line)).toBe(true)
  })

  it.each([
    ...[
      'Share prices fell in Moscow',
      'Read more books, the minister says',
      'We use cookies as bait, a hunter said.',
      'The menu',
      'Next stop: Minsk',
    ],
    ...[
      '!',
      '👏',
      '…',
      '10:00',
      '2-1',
      '',
      'He will share the prize with his brother',
      'Search for survivors goes on',
      'Live',
      'Video',
    ],
    ...[
      'Anzeige gegen Minister erstattet',
      'Поделиться опытом приехали врачи',
      'Реклама сигарет запрещена',
      'The site uses solar power.',
    ],
  ])('[TEXT5] is no line that an editor may have written: %s', line => {
    expect(isPageChrome(line)).toBe(false)
  })
})

describe('calls to action', () => {
  it.each([
    ...[
      "Follow Sputnik's live feed to find out more!",
      'Follow our live feed for updates.',
      'Subscribe to our newsletter',
      'Stay tuned!',
      'Join us on Telegram.',
    ],
    ...[
      '👉 Follow us on Twitter',
      'Sign up for our newsletter.',
      'Don’t miss our live coverage.',
      'Download our app.',
      'Watch the live stream here.',
    ],
    ...[
      'Folgen Sie uns auf Facebook.',
      'Abonnieren Sie unseren Newsletter.',
      'Verfolgen Sie die Ereignisse im Liveticker.',
    ],
    ...[
      'Suivez notre direct !',
      'Abonnez-vous à notre newsletter.',
      'Retrouvez-nous',
      'Cliquez ici pour en savoir plus.',
    ].filter(s => s !== 'Retrouvez-nous'),
    ...['Síganos en Twitter.', 'Siga la transmisión en vivo.', 'Suscríbete a nuestro boletín.'],
    ...['Seguiteci su Facebook.', 'Segui la diretta.', 'Iscriviti alla nostra newsletter.'],
    ...[
      'Следите за нашей онлайн-трансляцией!',
      'Подписывайтесь на наш Telegram-канал.',
      'Оставайтесь с нами.',
      'Смотрите в прямом эфире.',
    ],
    ...['Підписуйтесь на наш канал.', 'Стежте за нашою трансляцією.', 'Залишайтеся з нами!'],
    ...['تابعونا على تلغرام.', 'تابعوا البث المباشر.', 'اشترك في قناتنا.'],
    ...['با ما همراه باشید.', 'پخش زنده را اینجا ببینید.', 'ما را دنبال کنید.'],
    ...['עקבו אחרינו בטלגרם.', 'צפו בשידור החי.', 'הצטרפו לערוץ שלנו.'],
  ])('[TEXT6] are recognized: %s', sentence => {
    expect(isCallToAction(sentence)).toBe(true)
  })

  it.each([
    ...[
      'Follow the money, prosecutors said.',
      'Like many on social media, he was angry.',
      'Follow-up talks on social media rules begin.',
      '“Subscribe to our channel,” he said.',
    ],
    ...[
      'He asked people to follow our live feed.',
      'Join the army, they were told.',
      'Watch out for ice.',
      'The live feed has ended.',
      'Read the agreement carefully.',
      '',
    ],
    ...[
      'Folgen des Unwetters: Straßen gesperrt.',
      'Suivez les consignes de la police.',
      'Siga las instrucciones de la policía.',
      'Следите за детьми у воды.',
      'تابع الوزير زيارته.',
      'עקבו אחר הוראות פיקוד העורף.',
    ],
  ])('[TEXT6] are no sentence that tells something: %s', sentence => {
    expect(isCallToAction(sentence)).toBe(false)
  })
})
