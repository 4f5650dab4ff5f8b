// `postern env …`: what points an official client at the server that these commands use, as lines for a shell to
// evaluate. They hold secrets, as the file that the client would otherwise be given does.

import type { Leaf } from '../core/command.ts'
import { output, projectId } from '../core/global-flags.ts'
import { connectionVariable } from './env/connection.ts'
import { shellLines, type Variables } from './env/shell-lines.ts'
import { atlasVariables, sdkVariables, type Target, terraformVariables } from './env/variables.ts'

const clients: readonly {
  readonly word: string
  readonly of: string
  readonly long?: string
  readonly variables: (target: Target) => Variables
}[] = [
  { word: 'atlas', of: 'the Atlas CLI', variables: atlasVariables },
  {
    word: 'terraform',
    of: 'the Terraform provider mongodb/mongodbatlas',
    long: 'Organization and project are given as the variables org_id and project_id of your module.',
    variables: terraformVariables,
  },
  {
    word: 'sdk',
    of: 'a program with an SDK',
    long: [
      'SDKs read no environment themselves. Go: admin.UseBaseURL(os.Getenv("MONGODB_ATLAS_BASE_URL")), then UseDigestAuth or',
      'UseOAuthAuth. mongodb-atlas-api-client: baseUrl with /api/atlas/v1.0 behind it, publicKey, privateKey, projectId.',
    ].join('\n'),
    variables: sdkVariables,
  },
]

export const env: readonly Leaf[] = [
  ...clients.map(
    ({ word, of, long, variables }): Leaf => ({
      word,
      short: `Print the variables that point ${of} here.`,
      ...(long === undefined ? {} : { long }),
      flags: [projectId, output],
      examples: [[`Set them in this shell, by eval "$(postern env ${word})":`, `env ${word}`]],
      async run(context) {
        const server = await context.server()
        const groupId = context.optional('projectId') ?? server.groupId
        const printed = variables({ ...server, groupId })
        await context.print(printed, { plain: () => shellLines(printed) })
      },
    }),
  ),
  {
    word: 'mongosh',
    short: 'Print the variable POSTERN_URI with the connection string of a cluster, for mongosh.',
    long: [
      'Through its first private endpoint where it has one. With user and password of the sample where the server is the one',
      "that `postern up` runs here; else put them in. mongosh reads it by --eval 'db = connect(process.env.POSTERN_URI)'.",
    ].join('\n'),
    args: [{ name: 'clusterName', usage: 'Name of the cluster; not needed where there is only one.', optional: true }],
    flags: [projectId, output],
    examples: [['Set it in this shell, by eval "$(postern env mongosh Cluster0)":', 'env mongosh Cluster0']],
    async run(context) {
      const printed = await connectionVariable(context)
      await context.print(printed, { plain: () => shellLines(printed) })
    },
  },
]
