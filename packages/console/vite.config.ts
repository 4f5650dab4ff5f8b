// How the console is bundled. The aliases keep out of the browser what the design system carries for servers and tests:
// docs/decisions/0015-console.md says what each saves.

import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const standIn = (name: string): string => fileURLToPath(new URL(`stand-ins/${name}`, import.meta.url))

const hooks = standIn('hooks.ts')
/** Everybody but the stand-in itself, which hands on all other hooks, gets it. */
const hooksStandIn: Plugin = {
  name: 'hooks-stand-in',
  enforce: 'pre',
  resolveId: (id, importer) => (id === '@leafygreen-ui/hooks' && importer !== hooks ? hooks : undefined),
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), hooksStandIn],
  resolve: {
    alias: [
      { find: /^@emotion\/server\/create-instance$/, replacement: standIn('emotion-server.ts') },
      { find: /^@lg-tools\/test-harnesses$/, replacement: standIn('test-harnesses.ts') },
      { find: /^@leafygreen-ui\/ripple$/, replacement: standIn('ripple.ts') },
      { find: /^@leafygreen-ui\/icon$/, replacement: standIn('icon.tsx') },
    ],
    dedupe: ['react', 'react-dom'],
  },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // A data: URL is another source to allow in the Content-Security-Policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
  },
  server: {
    // `npm run dev -w packages/console` beside a running `postern up`.
    proxy: {
      '/api': {
        target: process.env.POSTERN_URL ?? 'http://127.0.0.1:8080',
        changeOrigin: true,
        headers: { origin: process.env.POSTERN_URL ?? 'http://127.0.0.1:8080' },
      },
    },
  },
})
