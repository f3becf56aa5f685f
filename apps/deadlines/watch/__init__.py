"""Whether what ought to happen by itself does happen: heartbeats, backlogs, readiness, figures, alarms.

The sweeper watches beat and the workers, beat and the workers watch the sweeper. Nothing here needs the broker.
"""
