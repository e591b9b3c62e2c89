import { EventEmitter } from 'node:events';
import type { Notification as RealNotification, NotificationConstructorOptions } from 'electron';

type Used = Pick<RealNotification, 'show' | 'title' | 'body'>;

/** A notification that is kept for a test to read and click. */
export class Notification extends EventEmitter implements Used {
  static readonly #shown: Notification[] = [];
  readonly title: string;
  readonly body: string;

  constructor({ title = '', body = '' }: Pick<NotificationConstructorOptions, 'title' | 'body' | 'urgency'> = {}) {
    super();
    this.title = title;
    this.body = body;
  }

  static isSupported(): boolean {
    return true;
  }

  /** All that were shown, oldest first. */
  static all(): readonly Notification[] {
    return [...Notification.#shown];
  }

  show(): void {
    Notification.#shown.push(this);
    this.emit('show');
  }
}
