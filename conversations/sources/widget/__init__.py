"""The web widget: a chat on any site, in a frame from our origin."""

KIND = "web_widget"
