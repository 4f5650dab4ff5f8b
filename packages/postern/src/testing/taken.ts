// Where one listens that runs already, by its home folder.

import { homePaths, readBootstrap } from '../up/home.ts'

/** Throws a sentence where no server has come up there. */
export const bootstrapOf = (home: string) => {
  const bootstrap = readBootstrap(home)
  if (bootstrap === null || bootstrap.apiUrl === null)
    throw new Error(`No Postern has come up on ${home}: there is no ${homePaths(home).bootstrap} with an apiUrl.`)
  if (bootstrap.rotated !== undefined)
    throw new Error(`The first secrets of ${home} were rotated: hand in the URL and a key pair instead of the folder.`)
  if (bootstrap.ended?.includes('privateKey'))
    throw new Error(`The first API key of ${home} was deleted: hand in the URL and a key pair instead of the folder.`)
  const { apiUrl: url, publicKey, privateKey, orgId, groupId } = bootstrap
  return { url, publicKey, privateKey, orgId, groupId }
}
