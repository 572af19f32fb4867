"""MySQL's protocol is PyMySQL's and aiomysql's work; here is what both colours share: values, texts, errors, one `Wire`."""
