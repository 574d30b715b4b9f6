broadcasts-title = News
