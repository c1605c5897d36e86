BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE aliases (
	id VARCHAR NOT NULL, 
	paper_id VARCHAR NOT NULL, 
	CONSTRAINT pk_aliases PRIMARY KEY (id), 
	CONSTRAINT fk_aliases_paper_id FOREIGN KEY(paper_id) REFERENCES papers (id) ON UPDATE CASCADE
);
CREATE TABLE coverage (
	day DATE NOT NULL, 
	source VARCHAR NOT NULL, 
	owed INTEGER NOT NULL, 
	counted BOOLEAN NOT NULL, 
	quiet BOOLEAN NOT NULL, 
	missing JSON NOT NULL, 
	remarks JSON NOT NULL, 
	note JSON, 
	checked_at DATETIME NOT NULL, announced BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_coverage PRIMARY KEY (day, source)
);
INSERT INTO "coverage" VALUES('2025-07-15','arXiv',2,1,0,'[{"id":"arXiv 2","reason":{"key":"source.http","values":{"source":"arXiv","status":503}},"count":1,"codes":[]}]','[]','{"key":"source.http","values":{"source":"arXiv","status":503}}','2025-07-15 02:00:00.000000',0);
CREATE TABLE deliveries (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	edition DATE NOT NULL, 
	issue INTEGER NOT NULL, 
	subscription INTEGER NOT NULL, 
	part VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	platform VARCHAR NOT NULL, 
	chat VARCHAR NOT NULL, 
	thread VARCHAR NOT NULL, 
	message VARCHAR(64) NOT NULL, 
	state VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	not_before DATETIME NOT NULL, 
	message_id VARCHAR NOT NULL, 
	error TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT fk_deliveries_message FOREIGN KEY(message) REFERENCES messages (hash), 
	CONSTRAINT uq_deliveries_key UNIQUE (subscription, edition, issue, part)
);
INSERT INTO "deliveries" VALUES(1,'2025-07-15',1,1,'parent',0,'telegram','-100','','b6d319d60c6dde89992d13c627ef3809e9941885f633f16dda04f553678a0f30','sent',1,'2025-07-15 02:00:00.000000','m1','','2025-07-15 02:00:00.000000','2025-07-15 02:00:00.000000');
INSERT INTO "deliveries" VALUES(2,'2025-07-15',1,1,'cv',1,'telegram','-100','','dc8b9a76c82e24f1f6a83c9bf417c09795825ad7fe3e93dbfcef5bbf9e7ca49f','sent',1,'2025-07-15 02:00:00.000000','m2','','2025-07-15 02:00:00.000000','2025-07-15 02:00:00.000000');
INSERT INTO "deliveries" VALUES(3,'2025-07-15',1,2,'parent',0,'telegram','-200','','b6d319d60c6dde89992d13c627ef3809e9941885f633f16dda04f553678a0f30','pending',0,'2025-07-15 02:00:00.000000','','','2025-07-15 02:00:00.000000',NULL);
INSERT INTO "deliveries" VALUES(4,'2025-07-15',1,2,'cv',1,'telegram','-200','','dc8b9a76c82e24f1f6a83c9bf417c09795825ad7fe3e93dbfcef5bbf9e7ca49f','pending',0,'2025-07-15 02:00:00.000000','','','2025-07-15 02:00:00.000000',NULL);
CREATE TABLE editions (
	date DATE NOT NULL, 
	sealed_at DATETIME NOT NULL, 
	slugs JSON NOT NULL, 
	held INTEGER NOT NULL, 
	coverage JSON NOT NULL, 
	sample BOOLEAN NOT NULL, 
	CONSTRAINT pk_editions PRIMARY KEY (date)
);
INSERT INTO "editions" VALUES('2025-07-15','2025-07-15 02:00:00.000000','["llm","agents","nlp","cv","multimodal","rl","robotics","audio","recsys","graph","theory","training","inference","safety","science","timeseries","other"]',1,'[{"source":"arXiv","status":"partial","owed":2,"held":1,"missing":[{"id":"arXiv 2","reason":{"key":"source.http","values":{"source":"arXiv","status":503}},"count":1,"codes":[]}],"remarks":[],"note":{"key":"source.http","values":{"source":"arXiv","status":503}},"checked_at":null,"announced":false}]',0);
CREATE TABLE entries (
	edition DATE NOT NULL, 
	category VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	paper_id VARCHAR NOT NULL, 
	score FLOAT NOT NULL, 
	verdict JSON NOT NULL, 
	why JSON NOT NULL, 
	CONSTRAINT pk_entries PRIMARY KEY (edition, category, position), 
	CONSTRAINT fk_entries_edition FOREIGN KEY(edition) REFERENCES editions (date), 
	CONSTRAINT fk_entries_paper_id FOREIGN KEY(paper_id) REFERENCES papers (id) ON UPDATE CASCADE
);
INSERT INTO "entries" VALUES('2025-07-15','cv',0,'arxiv:2501.00001',0.5,'{"category":"cv","score":0.5,"reason":{"key":"classify.nothing","values":{}}}','[{"key":"why.fit","values":{"because":{"key":"classify.nothing","values":{}}}}]');
CREATE TABLE messages (
	hash VARCHAR(64) NOT NULL, 
	platform VARCHAR NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_messages PRIMARY KEY (hash)
);
INSERT INTO "messages" VALUES('b6d319d60c6dde89992d13c627ef3809e9941885f633f16dda04f553678a0f30','telegram','{}');
INSERT INTO "messages" VALUES('dc8b9a76c82e24f1f6a83c9bf417c09795825ad7fe3e93dbfcef5bbf9e7ca49f','telegram','{"n":1}');
CREATE TABLE missed (
	id INTEGER NOT NULL, 
	subscription INTEGER NOT NULL, 
	due DATETIME NOT NULL, 
	reason TEXT NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	CONSTRAINT pk_missed PRIMARY KEY (id), 
	CONSTRAINT uq_missed_due UNIQUE (subscription, due)
);
CREATE TABLE papers (
	id VARCHAR NOT NULL, 
	title_key VARCHAR NOT NULL, 
	title TEXT NOT NULL, 
	abstract TEXT NOT NULL, 
	authors JSON NOT NULL, 
	primary_category VARCHAR NOT NULL, 
	categories JSON NOT NULL, 
	comment TEXT NOT NULL, 
	url TEXT NOT NULL, 
	published DATETIME, 
	links JSON NOT NULL, 
	sources JSON NOT NULL, 
	signals JSON NOT NULL, 
	edition DATE NOT NULL, 
	first_seen DATETIME NOT NULL, 
	CONSTRAINT pk_papers PRIMARY KEY (id)
);
INSERT INTO "papers" VALUES('arxiv:2501.00001','method1astudyofsubject1','Method1: A Study of Subject 1','Subject 1 is hard. We propose Method1, which solves it. Experiments show that it improves accuracy by 1%.','[]','cs.CV','["cs.CV"]','','https://arxiv.org/abs/2501.00001',NULL,'[]','["file"]','[]','2025-07-15','2025-07-15 02:00:00.000000');
CREATE TABLE reports (
	edition DATE NOT NULL, 
	category VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_reports PRIMARY KEY (edition, category, language), 
	CONSTRAINT fk_reports_edition FOREIGN KEY(edition) REFERENCES editions (date)
);
CREATE TABLE sightings (
	day DATE NOT NULL, 
	source VARCHAR NOT NULL, 
	paper_id VARCHAR NOT NULL, 
	signals JSON NOT NULL, 
	CONSTRAINT pk_sightings PRIMARY KEY (day, source, paper_id), 
	CONSTRAINT fk_sightings_paper_id FOREIGN KEY(paper_id) REFERENCES papers (id) ON UPDATE CASCADE
);
INSERT INTO "sightings" VALUES('2025-07-15','arXiv','arxiv:2501.00001','[]');
CREATE TABLE subscriptions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	platform VARCHAR NOT NULL, 
	chat VARCHAR NOT NULL, 
	thread VARCHAR NOT NULL, 
	wish JSON NOT NULL, 
	next_due DATETIME NOT NULL, 
	last_edition DATE, 
	settled DATE, 
	waiting_since DATETIME, 
	paused TEXT NOT NULL, 
	author VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL
);
INSERT INTO "subscriptions" VALUES(1,'telegram','-100','','{"language":"ko","at":"11:00:00","zone":"Asia/Seoul","categories":["cv"],"include":[],"exclude":[],"weekdays":[0,1,2,3,4,5,6]}','2025-07-16 02:00:00.000000','2025-07-15','2025-07-15',NULL,'','42','2025-07-15 02:00:00.000000');
INSERT INTO "subscriptions" VALUES(2,'telegram','-200','','{"language":"ko","at":"11:00:00","zone":"Asia/Seoul","categories":["cv"],"include":[],"exclude":[],"weekdays":[0,1,2,3,4,5,6]}','2025-07-16 02:00:00.000000','2025-07-15','2025-07-15',NULL,'The bot was blocked: unblock it.','42','2025-07-15 02:00:00.000000');
CREATE TABLE usage (
	day DATE NOT NULL, 
	model VARCHAR NOT NULL, 
	calls INTEGER NOT NULL, 
	prompt_tokens INTEGER NOT NULL, 
	completion_tokens INTEGER NOT NULL, 
	CONSTRAINT pk_usage PRIMARY KEY (day, model)
);
CREATE TABLE written (
	edition DATE NOT NULL, 
	category VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	model VARCHAR NOT NULL, 
	prompt VARCHAR NOT NULL, 
	papers VARCHAR(64) NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_written PRIMARY KEY (edition, category, language, model, prompt, papers)
);
CREATE INDEX ix_papers_edition ON papers (edition);
CREATE INDEX ix_papers_title_key ON papers (title_key);
CREATE INDEX ix_aliases_paper_id ON aliases (paper_id);
CREATE INDEX ix_sightings_paper_id ON sightings (paper_id);
CREATE INDEX ix_entries_paper_id ON entries (paper_id);
CREATE INDEX ix_subscriptions_due ON subscriptions (paused, next_due);
CREATE INDEX ix_subscriptions_target ON subscriptions (platform, chat, thread);
CREATE INDEX ix_deliveries_live ON deliveries (platform, id) WHERE state IN ('pending', 'sending');
CREATE INDEX ix_deliveries_live_target ON deliveries (platform, chat, thread, id) WHERE state IN ('pending', 'sending');
CREATE INDEX ix_deliveries_message ON deliveries (message);
CREATE INDEX ix_deliveries_target ON deliveries (platform, chat, thread);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('subscriptions',2);
INSERT INTO "sqlite_sequence" VALUES('deliveries',4);
COMMIT;
