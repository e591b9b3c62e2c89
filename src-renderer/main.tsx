import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { applyPreferences } from './i18n/preferences.ts';
import './styles/index.css';

applyPreferences();
const root = document.querySelector('#root');
if (root !== null) createRoot(root).render(<App />);
