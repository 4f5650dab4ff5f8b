// Ends with 7 when its parent goes; run by parent-process.test.ts.

import { whenParentGoes } from './parent-process.ts'

const listen = (): void => void whenParentGoes(() => process.exit(7))

setInterval(() => {}, 1_000) // it has work of its own
if (process.argv[2] === 'gone') process.once('disconnect', () => setImmediate(listen))
else listen()
process.send?.('running')
