/** Is this the text of an exported run? Anything else that is JSON may be a workflow. */
export const isRunFile = (text: string): boolean => /^\uFEFF?\s*\{\s*"format"\s*:\s*"millrace-run"/.test(text.slice(0, 400));
