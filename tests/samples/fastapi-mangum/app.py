"""A FastAPI application behind API Gateway."""

from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel

app = FastAPI(title="Words")


class Text(BaseModel):
    text: str


@app.get("/hello/{name}")
async def hello(name: str, times: int = 1):
    return {"message": " ".join([f"Hello {name}"] * times)}


@app.post("/count", status_code=201)
def count(text: Text):
    return {"words": len(text.text.split())}


handler = Mangum(app)
