// Said while nothing answers. What was read before stays where it is, and somebody keeps asking until there is an answer.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { useQuery } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { useConnection } from '../api/connection.ts'

const askMs = 1_000

export function AwayBanner() {
  const { away } = useConnection()
  useQuery({
    queryKey: ['away'],
    queryFn: async () => {
      await client.call('getSession').catch(() => {})
      return null
    },
    enabled: away,
    refetchInterval: askMs,
  })
  return (
    <div role="status">
      {away && (
        <Banner variant={Variant.Warning}>
          The control plane does not answer. Reconnecting… What you see is what was last read.
        </Banner>
      )}
    </div>
  )
}
