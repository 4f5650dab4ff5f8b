// `postern edges …`: gateways, DNS servers and forwarders, who they are and what they serve; ours, Atlas has none.

import { isObjectId } from '@postern/contract/ids'
import type { Argument, Command, Leaf } from '../core/command.ts'
import { force, output } from '../core/global-flags.ts'
import { UsageError } from '../core/usage-error.ts'
import { textAt } from '../print/json.ts'
import { column, rows, sentence } from '../print/template.ts'

const edge: Argument = { name: 'edge', usage: 'Name of the edge, as its POSTERN_EDGE says.' }

const list: Leaf = {
  word: 'list',
  aliases: ['ls'],
  short: 'Return the edges that are known, and those that may enrol.',
  flags: [output],
  examples: [['List them with what each feed holds:', 'edges list --output json']],
  async run(context) {
    const { body } = await (await context.client()).call('listEdges', {})
    await context.print(
      body,
      rows(
        column('EDGE', 'edge'),
        column('STATE', 'state'),
        column('VERSION', 'version'),
        column('PROOF', 'identity.proof'),
        column('SEEN', 'seen'),
        column('REVOKED', 'identity.revoked'),
      ),
    )
  },
}

const enrol: Leaf = {
  word: 'enrol',
  aliases: ['enroll'],
  short: 'Make the one-time token that an edge enrols with.',
  long: [
    'The token is shown this once, works once and expires. The edge takes it as POSTERN_EDGE_ENROLMENT at its first start,',
    'makes a key of its own, and proves itself by that key from then on. An edge of that name that has enrolled before is',
    'replaced once the token is used: so a machine that was lost is followed by another. A gateway also wants its own address',
    '(POSTERN_GATEWAY_HOST), and from where PROXY headers are believed (POSTERN_TRUSTED_PROXIES) or a file of listeners',
    '(POSTERN_GATEWAY_LISTENERS); it says at its start what is missing.',
  ].join('\n'),
  role: 'Organization Owner',
  args: [edge],
  flags: [
    {
      name: 'program',
      kind: 'list',
      usage: 'What it runs: gateway (default), dns, forwarder.',
      completes: ['gateway', 'dns', 'forwarder'],
    },
    { name: 'project', kind: 'list', usage: 'Ids of the only projects that it serves; all of yours by default.' },
    { name: 'expiresAfterMinutes', kind: 'number', usage: 'How long the token can be used; 60 by default.' },
    output,
  ],
  examples: [
    ['A gateway for every project:', 'edges enrol gateway-1'],
    ['A gateway that is sent one project alone:', 'edges enrol gateway-2 --project 5e2211c17a3e5a48f5497de3'],
  ],
  async run(context) {
    const stranger = context.list('project').find((id) => !isObjectId(id))
    if (stranger !== undefined)
      throw new UsageError(
        `--project wants ids of projects, 24 hexadecimal digits each, and '${stranger}' is none; \`postern projects list\` shows them`,
      )
    const { body } = await (await context.client()).call('createEdgeEnrolment', {
      params: { edge: context.arg('edge') },
      body: {
        ...(context.isSet('program') && { programs: [...context.list('program')] as ['gateway'] }),
        ...(context.isSet('project') && { groupIds: [...context.list('project')] }),
        ...(context.isSet('expiresAfterMinutes') && {
          expiresAfterMinutes: Number(context.text('expiresAfterMinutes')),
        }),
      },
    })
    await context.print(
      body,
      sentence(
        (made) =>
          `Edge '${textAt(made, 'edge')}' may enrol until ${textAt(made, 'expires')}, with POSTERN_EDGE_ENROLMENT set to\n${textAt(made, 'token')}`,
      ),
    )
  },
}

const revoke: Leaf = {
  word: 'revoke',
  short: 'Revoke the identity of an edge, and a token that it has not used yet.',
  long: [
    'It is sent nothing from then on, and ends what it serves as soon as it is told; what only it served is shown as not',
    'served. The command asks before it revokes, unless --force is given.',
  ].join('\n'),
  role: 'Organization Owner',
  args: [edge],
  flags: [force],
  examples: [['Without a question:', 'edges revoke gateway-1 --force']],
  async run(context) {
    const name = context.arg('edge')
    if (!(await context.confirmed(`Are you sure you want to revoke: ${name}`, 'Edge not revoked'))) return
    await (await context.client()).call('revokeEdge', { params: { edge: name } })
    context.say(`Edge '${name}' revoked`)
  },
}

const forget: Leaf = {
  word: 'forget',
  short: 'Forget an edge that is gone for good, so that nothing waits for it.',
  long: [
    'One that still runs and was not revoked comes again with its next report.',
    'The command asks before it forgets, unless --force is given.',
  ].join('\n'),
  role: 'Organization Owner',
  args: [edge],
  flags: [force],
  examples: [['Without a question:', 'edges forget gateway-1 --force']],
  async run(context) {
    const name = context.arg('edge')
    if (!(await context.confirmed(`Are you sure you want to forget: ${name}`, 'Edge not forgotten'))) return
    await (await context.client()).call('deleteEdge', { params: { edge: name } })
    context.say(`Edge '${name}' forgotten`)
  },
}

export const edges: readonly Command[] = [
  list,
  enrol,
  revoke,
  forget,
  {
    word: 'export',
    short: 'Print the ports of the gateways as configuration of what stands in front of them.',
    leaf: async () => (await import('./edges/export.ts')).exportPorts,
  },
]
