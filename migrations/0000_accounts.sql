CREATE TABLE `activity` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`user_agent` text,
	`country` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `activity_by_user` ON `activity` (`user_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `activity_by_kind` ON `activity` (`user_id`,`kind`,`at`);--> statement-breakpoint
CREATE INDEX `activity_by_time` ON `activity` (`at`);--> statement-breakpoint
CREATE TABLE `notices` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text,
	`kind` text NOT NULL,
	`email` text NOT NULL,
	`stamp` text,
	`created_at` integer NOT NULL,
	`user_agent` text,
	`country` text,
	`queued_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `notices_by_queued` ON `notices` (`queued_at`,`created_at`);--> statement-breakpoint
CREATE INDEX `notices_by_user` ON `notices` (`user_id`);--> statement-breakpoint
CREATE TABLE `reset_mails` (
	`job_id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`stamp` text NOT NULL,
	`link_expires_at` integer NOT NULL,
	`counted_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `reset_mails_by_user` ON `reset_mails` (`user_id`,`counted_at`);--> statement-breakpoint
CREATE INDEX `reset_mails_by_time` ON `reset_mails` (`counted_at`);--> statement-breakpoint
CREATE TABLE `resting_usernames` (
	`name_key` text PRIMARY KEY NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `resting_usernames_by_end` ON `resting_usernames` (`until`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`secret_hash` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`user_id` text NOT NULL,
	`stamp` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`remembered` integer NOT NULL,
	`user_agent` text,
	`country` text,
	`wrong_passwords` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sessions_by_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `sessions_by_expiry` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE INDEX `sessions_by_use` ON `sessions` (`last_seen_at`);--> statement-breakpoint
CREATE TABLE `stranger_mail_hours` (
	`hour` integer PRIMARY KEY NOT NULL,
	`mails` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `stranger_mails` (
	`job_id` text PRIMARY KEY NOT NULL,
	`address_key` text NOT NULL,
	`kind` text NOT NULL,
	`counted_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `stranger_mails_by_address` ON `stranger_mails` (`address_key`,`counted_at`);--> statement-breakpoint
CREATE INDEX `stranger_mails_by_time` ON `stranger_mails` (`counted_at`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`username` text NOT NULL,
	`email` text NOT NULL,
	`password_hash` text NOT NULL,
	`security_stamp` text NOT NULL,
	`created_at` integer NOT NULL,
	`browser_stamp` text NOT NULL,
	`previous_email` text,
	`email_changed_at` integer,
	`secured_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_by_email` ON `users` (lower("email"));--> statement-breakpoint
CREATE UNIQUE INDEX `users_by_username` ON `users` (lower("username"));--> statement-breakpoint
CREATE INDEX `users_by_previous_email` ON `users` (lower("previous_email"));--> statement-breakpoint
CREATE INDEX `users_by_email_change` ON `users` (`email_changed_at`);