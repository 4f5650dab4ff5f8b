// The program as the bin runs it: what it fails with goes to its parent.

import { serverMain } from './main.ts'

try {
  await serverMain(process.env)
} catch (error) {
  process.send?.({ failed: (error as Error).message })
  process.exitCode = 1
}
