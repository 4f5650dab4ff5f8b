// Which hosts are MongoDB Atlas: no command ever contacts one.

export function isAtlas(url: string): boolean {
  if (!URL.canParse(url)) return false
  const host = new URL(url).hostname.toLowerCase().replace(/\.$/, '')
  return ['mongodb.com', 'mongodbgov.com'].some((domain) => host === domain || host.endsWith(`.${domain}`))
}
