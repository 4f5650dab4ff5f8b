// Activity Feed: what happened in a project, or in an organization; newest first, live.

import Button from '@leafygreen-ui/button'
import { Body } from '@leafygreen-ui/typography'
import { Answered } from '../../frame/answered.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { PageHead } from '../../frame/page-head.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import { working } from '../../frame/working.tsx'
import styles from './activity-feed.module.css'
import { EventDialog } from './event-dialog.tsx'
import { EventList } from './event-list.tsx'
import { FilterBar } from './filter-bar.tsx'
import { isFiltered } from './filters.ts'
import { useEventChoices, useEvents } from './use-events.ts'

export function Page() {
  const { search, go, replace } = useUrlState()
  const events = useEvents(search)
  const choices = useEventChoices()
  return (
    <>
      <PageHead title="Activity Feed" />
      <Answered query={events}>
        {({ pages }) => {
          const shown = pages.flatMap(({ results }) => results)
          const total = pages.at(-1)?.totalCount ?? 0
          return (
            <>
              <FilterBar {...choices} />
              <Body role="status" className={styles.count}>
                {shown.length} of {total} events
              </Body>
              {shown.length === 0 && (
                <Nothing
                  title="No event"
                  description={
                    isFiltered(search) ? 'None fits these filters.' : 'Whatever somebody changes is listed here.'
                  }
                />
              )}
              <EventList events={shown} onOpen={(event) => go({ event })} />
              {events.hasNextPage && (
                <div className={styles.more}>
                  <Button
                    {...working(events.isFetchingNextPage, 'Show Older Events')}
                    onClick={() => void events.fetchNextPage()}
                  >
                    Show Older Events
                  </Button>
                </div>
              )}
            </>
          )
        }}
      </Answered>
      {search.event !== undefined && (
        <EventDialog eventId={search.event} onClose={() => replace({ event: undefined })} />
      )}
    </>
  )
}
