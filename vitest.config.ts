import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/journeys/**/*.test.ts',
      'tools/**/*.test.ts',
      'fuzz/**/*.test.ts',
      'drills/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 10_000,
    maxWorkers: 2,
  },
})
