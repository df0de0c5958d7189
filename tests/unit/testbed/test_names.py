from testbed import names


def test_names_are_those_of_the_assignment() -> None:
    """The capstone gives these names; its testing section is followed with them by hand."""
    assert (
        "ca-central-1",
        "lukman-original-images-capstone",
        "lukman-resized-images-capstone",
        "ImageResizeFunction",
        "ImageProcessingStateMachine",
        "prod",
        "process",
    ) == (
        names.REGION,
        names.ORIGINAL_BUCKET,
        names.RESIZED_BUCKET,
        names.FUNCTION,
        names.STATE_MACHINE,
        names.STAGE,
        names.RESOURCE_PATH,
    )


def test_a_thumbnail_is_named_after_the_whole_key() -> None:
    """The prefix stands before the key as it is, folders or an earlier prefix included."""
    assert "thumb-club2.png" == names.thumbnail_key("club2.png")
    assert "thumb-a/thumb-b.png" == names.thumbnail_key("a/thumb-b.png")
