BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Disable-PgEdgeUser' {
    BeforeEach {
        $file = New-UserFile
        $before = Get-Text $file
    }

    It 'changes one word of the file: <_>' -ForEach @(
        { Disable-PgEdgeUser alice -Path $file }
        { Disable-PgEdgeUser -Username alice -UserFile $file }
        { Disable-PgEdgeUser -Name alice -FilePath $file }
        { Disable-PgEdgeUser -User AL* -PSPath $file }
        { 'alice' | Disable-PgEdgeUser -Path $file }
        { [pscustomobject]@{ Username = 'alice'; Path = 'OU=Staff' } | Disable-PgEdgeUser -Path $file }
        { Get-PgEdgeUser alice -Path $file | Disable-PgEdgeUser }
    ) {
        & $_ | Should -BeNullOrEmpty

        Get-Text $file |
            Should -BeExactly ($before -creplace '(?<=2024-11-14T09:30:00Z\n        enabled: )true', 'false')
    }

    It 'keeps the user from signing in' {
        Disable-PgEdgeUser bob -Path $file

        { New-PgEdgeSession (New-Login bob) -Path $file -ErrorAction Stop } |
            Should -Throw -ErrorId 'AuthenticationFailed,*'
    }

    It 'disables users who have not signed in for a while' {
        Get-PgEdgeUser -Status Enabled -InactiveFor (New-TimeSpan -Days 90) -Path $file | Disable-PgEdgeUser

        (Get-PgEdgeUser -Path $file).Status | Should -Be Disabled, Disabled, Disabled
    }

    It 'returns each changed user once with -PassThru' {
        $users = 'bob', 'b*', '[ab]*' | Disable-PgEdgeUser -Path $file -PassThru

        $users | ForEach-Object { "$($_.Username) $($_.Status) $($_.Path)" } |
            Should -BeExactly "bob Disabled $file", "alice Disabled $file"
    }

    It 'accepts a name that New-PgEdgeUser would reject' {
        Edit-UserFile $file '    bob:' '    "-a \e[1m":'

        Disable-PgEdgeUser "-a `e[1m" -Path $file

        Get-Field $file '"-a \e[1m"' enabled | Should -Be false
    }
}
