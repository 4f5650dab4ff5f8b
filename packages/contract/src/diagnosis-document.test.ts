// docs/doctor.md lists every check that the doctor makes. It is written from the table, so that neither can change without
// the other: `npx vitest run packages/contract -u` writes it anew.

import { expect, test } from 'vitest'
import { checks } from './diagnosis.ts'
import { troubleIds, troubles } from './trouble.ts'

const sides = { COMMAND: 'the command', SERVER: 'the control plane', BOTH: 'both' } as const

const rows = checks
  .map(({ id, by, looksAt, after }) => `| \`${id}\` | ${looksAt} | ${sides[by]} | ${after.join(', ')} |`)
  .join('\n')

const troubleRows = troubles
  .map(
    ({ id, symptom, checks: by, instead }) =>
      `| ${id} | ${symptom} | ${instead ?? by.map((each) => `\`${each}\``).join(', ')} |`,
  )
  .join('\n')

const text = `# The doctor

Written from \`packages/contract/src/diagnosis.ts\` by \`diagnosis-document.test.ts\` beside it; do not edit it by hand.

\`postern doctor\` checks the installation; \`postern doctor <cluster>\`, \`<endpoint service id>\` or \`<endpoint id>\` checks one of them
and walks every road to it; \`postern doctor -\` takes a connection string from standard input (or asks for it), and a
\`POSTERN_URI\` that is set is taken without an argument. A string can be examined where no control plane is known: then only
the road itself is looked at. Nothing that is printed, sent to the control plane or logged holds the password.
Without an argument no road is walked, however many there are: ports are dialled and no member is asked.

\`-o json\` prints every check with \`id\`, \`status\` (\`OK\`, \`WARNING\`, \`FAILED\`, \`NOT_APPLICABLE\`, \`COULD_NOT_TELL\`), \`found\`,
\`why\`, \`whatToDo\`, \`command\` and \`follows\`; plain text shows what was found, with \`--all\` every check. Exit code: 0 nothing
failed, 1 something did, 2 a check that matters here could not be made.

\`POST /api/postern/v1/groups/{groupId}:diagnose\` (Project Read Only) answers the control plane's own view: \`{}\` asks about the
installation, \`{ "target" }\` about a cluster, a service or an endpoint, \`{ "hosts", "username", "databaseName" }\` about a string.

## The checks, in the order of causes
What is named first is what to put right first. A check that can only follow from one that failed is no finding: it says
COULD_NOT_TELL, and from what it follows. Of two views of one check the worse holds.

| check | looks at | made by | can follow from |
|---|---|---|---|
${rows}

The gateway's log is read where the home of the server in use is on the same machine: the connections that the doctor made
are found there by their own ports.

A check that found nothing wrong may still have something to say: a note, which is counted in the last line and shown with
\`--all\`. What holds for every driver that is left as it is (\`idle-time\`) is a note and no warning.

## Which check names which trouble
The numbers are this list's own; the troubles are those of Atlas's page on troubleshooting and of the issues of its clients.

| | trouble | named by |
|---|---|---|
${troubleRows}

D35 is judged by the string that the doctor is given, and by who is connected. Where one cluster, or a string, is asked about,
the control plane asks each member for its connections (\`$currentOp\` with \`allUsers\`) and each gateway for the ports
from which it is connected to them; what is left, but for the deployment's own members and agents and Postern itself, came by
another way. The deployment's administrator needs the privilege \`inprog\` for it (role \`clusterMonitor\`); without one nobody
is asked. An address translator between gateway and members that changes ports makes connections of the gateway look like such.
`

test('docs/doctor.md lists every check', async () => {
  await expect(text).toMatchFileSnapshot('../../../docs/doctor.md')
})

test('each of the 35 troubles has a check, or says why it can have none', () => {
  expect(troubles.map(({ id }) => id)).toEqual(troubleIds)
  expect(troubles.filter(({ checks: by, instead }) => (by.length === 0) === (instead === undefined))).toEqual([])
})
