CREATE TABLE `guesses` (
	`address_key` text NOT NULL,
	`browser_id` text NOT NULL,
	`wrong` integer NOT NULL,
	`wrong_at` integer NOT NULL,
	`wait_until` integer NOT NULL,
	PRIMARY KEY(`address_key`, `browser_id`)
);
--> statement-breakpoint
CREATE INDEX `guesses_by_time` ON `guesses` (`wrong_at`) WHERE "guesses"."wrong" < 100;