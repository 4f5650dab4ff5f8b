// The table of pages as a router: each page is loaded when it is first shown.

import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { lazy } from 'react'
import { type PageRoute, pages } from '../routes.tsx'
import { Frame } from './frame.tsx'
import { Home } from './home.tsx'
import { Titled } from './titled.tsx'
import { ErrorPage, NotFoundPage } from './trouble.tsx'
import { parseSearch, stringifySearch } from './url-state.ts'

const rootRoute = createRootRoute({ component: Frame, notFoundComponent: NotFoundPage, errorComponent: ErrorPage })

const routeOf = ({ path, title, load }: PageRoute) => {
  const Page = lazy(async () => ({ default: (await load()).Page }))
  return createRoute({
    getParentRoute: () => rootRoute,
    path,
    component: () => (
      <Titled title={title}>
        <Page />
      </Titled>
    ),
  })
}

const home = createRoute({ getParentRoute: () => rootRoute, path: '/', component: Home })

export const router = createRouter({
  routeTree: rootRoute.addChildren([home, ...pages.map(routeOf)]),
  defaultErrorComponent: ErrorPage,
  parseSearch,
  stringifySearch,
})
