"""Every job there is. To add one, add a file and a line here."""

from __future__ import annotations

from bot.faults import Fault
from bot.jobs.ai_ops_report import AI_OPS_REPORT
from bot.jobs.badge_post import BADGE_POST
from bot.jobs.band_reports import BAND_REPORTS
from bot.jobs.bands import BANDS
from bot.jobs.bands_overview import BANDS_OVERVIEW
from bot.jobs.day_sums import DAY_SUMS
from bot.jobs.digest import DIGEST
from bot.jobs.disputes import DISPUTES
from bot.jobs.exceptions import EXCEPTIONS
from bot.jobs.flags import FLAGS
from bot.jobs.job import JobContext, JobResult
from bot.jobs.recognition import RECOGNITION
from bot.jobs.reprice import REPRICE
from bot.jobs.runner import run_by_hand
from bot.jobs.standings import STANDINGS
from bot.jobs.sync_people import SYNC_PEOPLE
from bot.jobs.teachers import TEACHERS
from bot.jobs.welcome import WELCOME

JOBS = (
    SYNC_PEOPLE,
    REPRICE,
    DAY_SUMS,
    FLAGS,
    DIGEST,
    STANDINGS,
    BANDS,
    BAND_REPORTS,
    BANDS_OVERVIEW,
    EXCEPTIONS,
    DISPUTES,
    RECOGNITION,
    BADGE_POST,
    TEACHERS,
    WELCOME,
    AI_OPS_REPORT,
)


async def run_job(name: str, context: JobContext, at_us: int, *, dry_run: bool = False) -> JobResult:
    """Runs one job by hand (``bot.jobs.runner.run_by_hand`` says how). Raises ``Fault`` where there is no such job."""
    job = next((job for job in JOBS if job.name == name), None)
    if job is None:
        raise Fault(f'there is no job "{name}"; there are {", ".join(job.name for job in JOBS)}')
    return await run_by_hand(job, context, at_us, dry_run=dry_run)
