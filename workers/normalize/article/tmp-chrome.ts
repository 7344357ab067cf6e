export const isPageChrome = (t: string) => /^(\/|go to the mediabank|share)$/i.test(t)
export const isCallToAction = (t: string) => /^follow /i.test(t)
