-- AlterTable
ALTER TABLE "Environment" ADD COLUMN     "repair" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "Launch" ADD COLUMN     "attempt" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "sentAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "Node" ADD COLUMN     "bootId" TEXT,
ADD COLUMN     "candidate" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "fallbackSizes" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "lostFor" TEXT,
ADD COLUMN     "nextCheckAt" TIMESTAMP(3),
ADD COLUMN     "serverSize" TEXT;

-- CreateTable
CREATE TABLE "CloudScope" (
    "providerId" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "nextLookAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "CloudScope_pkey" PRIMARY KEY ("providerId","region")
);

-- CreateIndex
CREATE INDEX "CloudScope_nextLookAt_idx" ON "CloudScope"("nextLookAt");

-- CreateIndex
CREATE INDEX "Node_nextCheckAt_idx" ON "Node"("nextCheckAt");

-- CreateIndex
CREATE INDEX "Node_phase_idx" ON "Node"("phase");

-- Environments of before: their accounts are looked at from now on, and their launches were sent.
INSERT INTO "CloudScope" ("providerId", "region", "nextLookAt")
  SELECT DISTINCT "providerId", "region", CURRENT_TIMESTAMP::timestamp(3) FROM "Environment" WHERE "absentAt" IS NULL;
UPDATE "Launch" SET "sentAt" = "createdAt";
UPDATE "Node" SET "nextCheckAt" = CURRENT_TIMESTAMP::timestamp(3) WHERE "phase" = 'ready';
