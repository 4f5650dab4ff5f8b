// What any process tells of itself, under the names that Prometheus's own clients use.

import type { Metric } from './text.ts'

export function processMetrics(): readonly Metric[] {
  const { user, system } = process.cpuUsage()
  const alone = (value: number): Metric['samples'] => [{ labels: {}, value }]
  return [
    {
      name: 'process_cpu_seconds_total',
      help: 'CPU time in user and system mode.',
      type: 'counter',
      samples: alone((user + system) / 1e6),
    },
    {
      name: 'process_resident_memory_bytes',
      help: 'Memory that is resident.',
      type: 'gauge',
      samples: alone(process.memoryUsage.rss()),
    },
    {
      name: 'process_start_time_seconds',
      help: 'When the process was started, in seconds since 1970.',
      type: 'gauge',
      samples: alone(Math.round(Date.now() / 1000 - process.uptime())),
    },
  ]
}
