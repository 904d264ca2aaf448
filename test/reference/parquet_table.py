"""Writes data/table.parquet. Needs pyarrow."""
import datetime
import pyarrow as pa
import pyarrow.parquet as pq

pq.write_table(
    pa.table({
        "price": pa.array([1.5, None, -2.0], pa.float64()),
        "rooms": pa.array([3, 4, None], pa.int64()),
        "city": pa.array(["Oslo", None, "Zürich"], pa.string()),
        "sold": pa.array([True, False, None], pa.bool_()),
        "built": pa.array([datetime.date(1999, 12, 31), None, datetime.date(2024, 2, 29)], pa.date32()),
    }),
    "data/table.parquet",
    compression="snappy",
)
