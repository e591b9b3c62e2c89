import { create } from 'zustand';

/** Which of the library's dialogs is open; commands open them from any place. */
export const useLibraryDialogs = create<{ readonly creating: boolean }>(() => ({ creating: false }));
