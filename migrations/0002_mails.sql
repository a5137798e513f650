CREATE TABLE `mail_event_stamps` (
	`stamp_hash` text PRIMARY KEY NOT NULL,
	`seen_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `mail_event_stamps_by_time` ON `mail_event_stamps` (`seen_at`);--> statement-breakpoint
CREATE TABLE `mails` (
	`job_id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`user_id` text,
	`address_key` text NOT NULL,
	`provider` text NOT NULL,
	`provider_id` text,
	`state` text NOT NULL,
	`failures` integer NOT NULL,
	`may_be_out_until` integer,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `mails_by_provider_id` ON `mails` (`provider`,`provider_id`);--> statement-breakpoint
CREATE INDEX `mails_by_user` ON `mails` (`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `mails_by_time` ON `mails` (`created_at`);--> statement-breakpoint
CREATE TABLE `suppressions` (
	`address_key` text PRIMARY KEY NOT NULL,
	`reason` text NOT NULL,
	`since` integer NOT NULL,
	`until` integer,
	`let_through_job_id` text,
	`let_through_at` integer
);
--> statement-breakpoint
CREATE INDEX `suppressions_by_end` ON `suppressions` (`until`);--> statement-breakpoint
ALTER TABLE `notices` ADD `time_zone` text;--> statement-breakpoint
ALTER TABLE `notices` ADD `language` text;--> statement-breakpoint
ALTER TABLE `users` ADD `language` text DEFAULT 'en' NOT NULL;