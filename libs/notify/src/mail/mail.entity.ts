import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What became of a mail. `captured`: there was no mail server, it is kept to be read instead. */
export type MailStatus = 'queued' | 'sent' | 'captured' | 'failed';

/** A mail to be sent, or that was. Its text may hold links that are secrets, so it is sealed, and dropped once sent. */
@Entity('mails')
export class MailEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  recipient!: string;

  @Column('text')
  subject!: string;

  @Column('text', { name: 'sealed_text', nullable: true })
  sealedText!: string | null;

  @Column('text')
  status!: MailStatus;

  @Column('integer')
  attempts!: number;

  @Column('timestamptz', { name: 'next_attempt_at' })
  nextAttemptAt!: Date;

  @Column('text', { name: 'last_error', nullable: true })
  lastError!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
