// The console begins here.

import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { queryClient } from './api/operation.ts'
import { Console } from './frame/console.tsx'
import { ThemeProvider } from './frame/theme.tsx'
import './frame/base.css'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <QueryClientProvider client={queryClient}>
    <ThemeProvider>
      <Console />
    </ThemeProvider>
  </QueryClientProvider>,
)
