/** What is known about one provider: how an id becomes a public address, and which addresses are posts of it. */
export interface EmbedProvider {
  /** As editors and other systems call it, in lower case; the first is its name here. */
  readonly names: readonly [string, ...string[]]
  /** What stands before the id in an address made from it. Without one, an id alone makes no address. */
  readonly addressBeforeId?: string
  readonly posts: readonly PostAddress[]
}

/** A kind of address: the id is group 1 of the path, or the value of the parameter, or not told at all. */
export interface PostAddress {
  /** These hosts and those below them; absent for software that runs anywhere. */
  readonly hosts?: readonly (string | RegExp)[]
  readonly path: RegExp
  /** Must be there, and is the id. */
  readonly parameter?: string
}

const YOUTUBE = ['youtube.com', 'youtube-nocookie.com']
const FACEBOOK = ['facebook.com']
const GOOGLE = [/^(?:www\.|maps\.)?google\.(?:[a-z]{2,3}|com?\.[a-z]{2})$/]
/** Pages of SoundCloud that are no sound, and those of a user that list some. */
const SOUNDCLOUD =
  /^\/(?!(?:you|discover|search|stream|upload|pages|charts|settings|people|tags)\/)([\w-]+\/(?:sets\/[\w-]+|(?!(?:tracks|albums|sets|reposts|likes|followers|following|comments|popular-tracks)\/?$)[\w-]+))\/?$/

export const embedProviders: readonly EmbedProvider[] = [
  {
    names: ['youtube'],
    addressBeforeId: 'https://www.youtube.com/watch?v=',
    posts: [
      { hosts: YOUTUBE, path: /^\/watch\/?$/, parameter: 'v' },
      { hosts: YOUTUBE, path: /^\/(?:embed|shorts|live|v)\/([\w-]{11})(?:\/|$)/ },
      { hosts: ['youtu.be'], path: /^\/([\w-]{11})(?:\/|$)/ },
    ],
  },
  {
    names: ['twitter', 'x'],
    addressBeforeId: 'https://x.com/i/status/',
    posts: [{ hosts: ['twitter.com', 'x.com'], path: /^\/(?:i(?:\/web)?|\w{1,20})\/status(?:es)?\/(\d+)(?:\/|$)/ }],
  },
  {
    names: ['vimeo'],
    addressBeforeId: 'https://vimeo.com/',
    posts: [{ hosts: ['vimeo.com'], path: /^\/(?:video\/|channels\/[\w-]+\/|groups\/[\w-]+\/videos\/)?(\d+)(?:\/|$)/ }],
  },
  {
    names: ['instagram'],
    addressBeforeId: 'https://www.instagram.com/p/',
    posts: [{ hosts: ['instagram.com'], path: /^\/(?:[\w.]+\/)?(?:p|reel|tv)\/([\w-]+)(?:\/|$)/ }],
  },
  {
    names: ['tiktok'],
    posts: [
      { hosts: ['tiktok.com'], path: /^\/@[\w.-]+\/(?:video|photo)\/(\d+)(?:\/|$)/ },
      { hosts: ['tiktok.com'], path: /^\/t\/\w+\/?$/ },
      { hosts: ['vm.tiktok.com', 'vt.tiktok.com'], path: /^\/\w+\/?$/ },
    ],
  },
  {
    names: ['bluesky', 'bsky'],
    posts: [{ hosts: ['bsky.app'], path: /^\/profile\/[^/]+\/post\/(\w+)\/?$/ }],
  },
  {
    names: ['facebook'],
    posts: [
      { hosts: FACEBOOK, path: /^\/[^/]+\/(?:posts|videos)\/(?:[^/]+\/)?(\w+)\/?$/ },
      { hosts: FACEBOOK, path: /^\/reel\/(\d+)\/?$/ },
      { hosts: FACEBOOK, path: /^\/watch\/?$/, parameter: 'v' },
      { hosts: FACEBOOK, path: /^\/photo(?:\.php|\/)?$/, parameter: 'fbid' },
      { hosts: FACEBOOK, path: /^\/(?:permalink|story)\.php$/, parameter: 'story_fbid' },
      { hosts: FACEBOOK, path: /^\/share\/(?:[pvr]\/)?\w+\/?$/ },
      { hosts: ['fb.watch'], path: /^\/[\w-]+\/?$/ },
    ],
  },
  {
    names: ['soundcloud'],
    posts: [
      { hosts: ['on.soundcloud.com'], path: /^\/\w+\/?$/ },
      { hosts: ['soundcloud.com'], path: SOUNDCLOUD },
    ],
  },
  {
    names: ['datawrapper', 'dwcdn'],
    addressBeforeId: 'https://datawrapper.dwcdn.net/',
    posts: [
      { hosts: ['datawrapper.dwcdn.net'], path: /^\/(\w{5})(?:\/|$)/ },
      { hosts: ['datawrapper.de'], path: /^\/_\/(\w{5})(?:\/|$)/ },
    ],
  },
  {
    names: ['google-maps', 'googlemaps', 'google maps'],
    posts: [
      { hosts: GOOGLE, path: /^\/maps\/d\/(?:u\/\d+\/)?(?:viewer|edit|embed)$/, parameter: 'mid' },
      { hosts: GOOGLE, path: /^\/maps\/(?:place|search|dir|@)/ },
      { hosts: ['maps.app.goo.gl'], path: /^\/\w+\/?$/ },
      { hosts: ['goo.gl'], path: /^\/maps\/\w+\/?$/ },
    ],
  },
  {
    names: ['mastodon'],
    // Anywhere: the form of the path is Mastodon's own.
    posts: [
      { path: /^\/@\w[\w.-]*(?:@[\w.-]+)?\/(\d{5,20})\/?$/ },
      { path: /^\/users\/[\w.-]+\/statuses\/(\d{5,20})\/?$/ },
    ],
  },
]
