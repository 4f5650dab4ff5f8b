// `postern console`: a link that opens the console and logs in at once. It is printed and not opened: the arguments of a
// browser are seen by every user of the machine.

import type { Leaf } from '../core/command.ts'
import type { Context } from '../core/context.ts'
import { orgId, output } from '../core/global-flags.ts'
import { UsageError } from '../core/usage-error.ts'
import { readBootstrap } from '../server/bootstrap.ts'
import { homeFolder } from '../server/folders.ts'

export const consoleLink: Leaf = {
  word: 'console',
  short: 'Print a link that opens the console and logs in at once.',
  long:
    'The link works once, within ten minutes. Only for people who belong to no organization that the caller does not own;\n' +
    'others log in with their password.',
  role: 'Organization Owner',
  args: [
    {
      name: 'username',
      usage: 'E-mail address of the person; the owner that `postern up` made, where it runs here.',
      optional: true,
    },
  ],
  flags: [orgId, output],
  examples: [['Open the console:', 'console']],
  async run(context) {
    const username = context.args[0] ?? (await homeOwner(context))
    const params = { orgId: await context.orgId() }
    const client = await context.client()
    const { body: found } = await client.call('listOrgUsers', { params, query: { username } })
    const [user] = found.results
    if (user === undefined) throw new UsageError(`nobody in organization ${params.orgId} is called ${username}`)
    const { body } = await client.call('createSessionLink', { params: { ...params, userId: String(user.id) } })
    await context.print(body, { plain: () => `${body.url}\n` })
  },
}

/** Whom the server that runs here was made for. Throws UsageError for any other server. */
async function homeOwner(context: Context): Promise<string> {
  const home = await readBootstrap(homeFolder(context.io.env))
  const { baseUrl } = await context.server()
  if (home?.ownerEmail === undefined || new URL(home.apiUrl).origin !== new URL(baseUrl).origin)
    throw new UsageError('say who is to be logged in: `postern console you@example.com`')
  return home.ownerEmail
}
