// `postern deployments register`: takes in a MongoDB deployment of one's own. Its connection string comes by standard
// input, POSTERN_URI or a prompt; in argv it works, with a warning where it holds a password.

import type { Leaf } from '../core/command.ts'
import { output, projectId } from '../core/global-flags.ts'
import { at, itemsOf, textAt } from '../print/json.ts'
import { sentence } from '../print/template.ts'
import { readDeployment } from './deployments/read-deployment.ts'

export const deployments: readonly Leaf[] = [
  {
    word: 'register',
    short: 'Register a MongoDB deployment of your own as a cluster of your project.',
    long: [
      'The connection string is the first line of standard input, or POSTERN_URI, or is asked for on a terminal.',
      'With the user name and password of an administrator in it, database users are managed there too; without,',
      'they are left alone.',
      "Its members' own ports stay as open as they are: nobody but their owner can close them.",
    ].join('\n'),
    role: 'Project Owner',
    args: [
      { name: 'name', usage: 'Name that the cluster gets in the project.' },
      { name: 'connectionString', usage: 'mongodb:// or mongodb+srv://; better not here.', optional: true },
    ],
    flags: [
      { name: 'provider', kind: 'text', required: true, usage: 'Where its nodes stand: AWS, AZURE or GCP.' },
      { name: 'region', kind: 'text', required: true, usage: 'Region of the provider, for instance US_EAST_1.' },
      {
        name: 'tlsCAFile',
        kind: 'text',
        completes: 'files',
        usage: 'File with the certificates of the CA that signed its certificates.',
      },
      {
        name: 'tlsCertificateKeyFile',
        kind: 'text',
        completes: 'files',
        usage: 'File with a certificate and its key, shown to members that ask for one.',
      },
      { name: 'tlsAllowInvalidHostnames', kind: 'switch', usage: 'Takes certificates that name other hosts.' },
      projectId,
      output,
    ],
    examples: [
      [
        'Register a replica set, its connection string from a file:',
        'deployments register Shop --provider AWS --region US_EAST_1 < uri.txt',
      ],
    ],
    async run(context) {
      const deployment = await readDeployment(context)
      const { body } = await (await context.client()).call('registerGroupDeployment', {
        params: { groupId: await context.groupId() },
        body: deployment,
      })
      await context.print(
        body,
        sentence((reply) => {
          const members = itemsOf(at(reply, 'members')).length
          const registered = `Deployment '${textAt(reply, 'name')}' registered with ${members} member${members === 1 ? '' : 's'}.`
          return `${registered}\nWhoever reaches a member's own port still comes in there: nobody but its owner can close that.`
        }),
      )
      const unknown = textAt(body, 'hiddenMembersUnknownReason')
      if (unknown !== '') context.io.stderr.write(`It may have more members: ${unknown}\n`)
      if (body.usersNotManagedReason !== null) {
        context.io.stderr.write(`Its database users are not managed: ${textAt(body, 'usersNotManagedReason')}\n`)
      }
    },
  },
]
