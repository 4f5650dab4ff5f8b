// Waits for a state instead of for time: generous, since the machine may be busy, and quick, since it looks often.

import { vi } from 'vitest'

export const eventually = <Result>(check: () => Result | Promise<Result>): Promise<Result> =>
  vi.waitFor(check, { timeout: 20_000, interval: 10 })
