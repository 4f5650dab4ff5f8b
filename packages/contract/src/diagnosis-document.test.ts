// docs/doctor.md lists every check that the doctor makes. It is written from the table, so that neither can change without
// the other: `npx vitest run packages/contract -u` writes it anew.

import { expect, test } from 'vitest'
import { checks } from './diagnosis.ts'

const sides = { COMMAND: 'the command', SERVER: 'the control plane', BOTH: 'both' } as const

const rows = checks
  .map(({ id, by, looksAt, after }) => `| \`${id}\` | ${looksAt} | ${sides[by]} | ${after.join(', ')} |`)
  .join('\n')

const text = `# The doctor

Written from \`packages/contract/src/diagnosis.ts\` by \`diagnosis-document.test.ts\` beside it; do not edit it by hand.

\`postern doctor\` checks the installation; \`postern doctor <cluster>\` and \`postern doctor <endpoint id>\` check one of them
and walk every road to it; \`postern doctor -\` takes a connection string from standard input (or asks for it), and a
\`POSTERN_URI\` that is set is taken without an argument. A string can be examined where no control plane is known: then only
the road itself is looked at. Nothing that is printed, sent to the control plane or logged holds the password.

\`-o json\` prints every check with \`id\`, \`status\` (\`OK\`, \`WARNING\`, \`FAILED\`, \`NOT_APPLICABLE\`, \`COULD_NOT_TELL\`), \`found\`,
\`why\`, \`whatToDo\`, \`command\` and \`follows\`; plain text shows what was found, with \`--all\` every check. Exit code: 0 nothing
failed, 1 something did, 2 a check that matters here could not be made.

\`POST /api/postern/v1/groups/{groupId}:diagnose\` (Project Read Only) answers the control plane's own view: \`{}\` asks about the
installation, \`{ "target" }\` about a cluster or an endpoint, \`{ "hosts", "username", "databaseName" }\` about a string.

## The checks, in the order of causes
What is named first is what to put right first. A check that can only follow from one that failed is no finding: it says
COULD_NOT_TELL, and from what it follows. Of two views of one check the worse holds.

| check | looks at | made by | can follow from |
|---|---|---|---|
${rows}

The gateway's log is read where the home of the server in use is on the same machine: the connections that the doctor made
are found there by their own ports.

## Not looked at yet
Forwarding rules and private endpoints that are left over in a cloud, near-miss names of Google Cloud; how full a region's
places are; top talkers of a gateway that refuses for want of room; the block of ports that a firewall must allow, beyond
those in use; \`maxIdleTimeMS\` beside the idle time of a cloud's load balancer; our DNS answer beside the system's; endpoints
in other regions, in a matrix; transient errors of a cloud, told from lasting ones.
`

test('docs/doctor.md lists every check', async () => {
  await expect(text).toMatchFileSnapshot('../../../docs/doctor.md')
})
