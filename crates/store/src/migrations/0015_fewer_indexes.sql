-- Lists and counts of the review come from memory, and what is looked up of decisions is in the
-- indexes by listing and by step: these are read by nobody, and cost every decision and every match
-- a write each.

DROP INDEX review_groups;
DROP INDEX review_shared;
DROP INDEX decisions_in_force;
DROP INDEX decisions_batch;
